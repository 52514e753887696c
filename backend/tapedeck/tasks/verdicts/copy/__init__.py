"""What became of a copy: exact, or why not, with the step at which it first goes wrong."""

from tapedeck.tasks.verdicts.copy.evidence import Evidence, Origin
from tapedeck.tasks.verdicts.copy.judgement import CopyWitness, judge
from tapedeck.tasks.verdicts.copy.symptoms import Kind

__all__ = ["CopyWitness", "Evidence", "Kind", "Origin", "judge"]
