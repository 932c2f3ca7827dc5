export const nav = [];
export const sidebar = [];
