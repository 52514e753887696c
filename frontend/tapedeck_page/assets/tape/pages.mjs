/** The pages, of which the address says which is shown. All stay laid out: a tape keeps playing while another is shown. */

/** @param {(page: string) => void} visit told of each page that is shown @param {AbortSignal} signal */
export function listenToPages(visit, signal) {
  const links = /** @type {HTMLAnchorElement[]} */ ([...document.querySelectorAll(".page-link")]);
  const show = () => visit(showPage(links));
  addEventListener("popstate", show, { signal });
  for (const link of links) link.addEventListener("click", (event) => follow(event, link), { signal });
  show();
}

/** Shows what belongs to the page of the address, and hides the rest. @param {HTMLAnchorElement[]} links @returns {string} its name */
function showPage(links) {
  const link = links.find(({ pathname }) => pathname === location.pathname) ?? links[0];
  const name = [...link.classList].find((each) => each.startsWith("page-") && each !== "page-link")?.slice(5) ?? "";
  for (const each of links) each.setAttribute("aria-current", each === link ? "page" : "false");
  for (const part of document.querySelectorAll("[data-pages]")) {
    part.toggleAttribute("hidden", !part.getAttribute("data-pages")?.split(" ").includes(name));
  }
  document.body.dataset.page = name;
  return name;
}

/** To another page, without loading anew; all that follows the address hears of it as of a step back or forward. @param {MouseEvent} event @param {HTMLAnchorElement} link */
function follow(event, { href }) {
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  history.pushState({}, "", href);
  dispatchEvent(new PopStateEvent("popstate"));
  scrollTo(0, 0);
}
