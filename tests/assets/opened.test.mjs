import assert from "node:assert/strict";
import { test } from "node:test";

import { servedPath } from "../../frontend/tapedeck_page/assets/tape/opened.mjs";

test("an address names files of its own server's folder of files alone", () => {
  const page = "http://127.0.0.1:8050/?file=x";
  assert.equal(servedPath("/files/0", page), "/files/0");
  assert.equal(servedPath("http://127.0.0.1:8050/files/12", page), "/files/12");
  for (const named of ["/api/health", "//elsewhere.example/files/0", "http://127.0.0.1:8051/files/0", "/files/../api/health", "/files", "data:,x", "http://[", ""]) {
    assert.equal(servedPath(named, page), null, named);
  }
});
