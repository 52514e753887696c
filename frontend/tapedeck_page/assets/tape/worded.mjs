/** The words of the service's errors, for people at the page. */

/** Such as “(min_locations)”: whoever runs the service looks for it in the settings, nobody at the page does. */
const LIMITS = / \((?:(?:min|max)_[a-z_]+(?:, )?)+\)/g;

/** @param {string} detail of an error @returns {string} */
export const worded = (detail) => detail.replace(LIMITS, "");
