/** @param {string} id */
export const byId = id => document.getElementById(id);
