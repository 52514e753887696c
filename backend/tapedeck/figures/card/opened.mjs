/** The card of a trace file: opens the file that stands on it, as the page opens one, and plays what it has. */

import { find } from "#viewer/draw/dom.mjs";
import { openTraceFile } from "#viewer/tracefile/open.mjs";
import { Card } from "./played.mjs";

async function begin() {
  const bytes = Uint8Array.from(atob(find("#file").textContent ?? ""), (sign) => sign.charCodeAt(0));
  const { trace } = await openTraceFile(new Blob([bytes]));
  new Card(trace);
}

begin();
