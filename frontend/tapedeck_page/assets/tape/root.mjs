/** Where the page is served: the modules know it by their own address, whatever sub-path a proxy has put before it. */

const ROOT = new URL("../../", import.meta.url);

/** The address of a path of this server's, such as "api/trace". @param {string} path with no slash before it */
export const addressOf = (path) => new URL(path, ROOT).href;
