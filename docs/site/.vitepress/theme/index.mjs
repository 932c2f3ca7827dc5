// The default theme with the fonts of the system, so that nothing is fetched from elsewhere.

import { onContentUpdated } from "vitepress";
import DefaultTheme from "vitepress/theme-without-fonts";
import { onMounted } from "vue";
import "./site.css";

/** What axe finds in the theme's own markup: a button within a button, and a home page without a main part. */
function mend() {
  for (const caret of document.querySelectorAll(".VPSidebarItem .item[role=button] .caret")) {
    caret.removeAttribute("role");
    caret.removeAttribute("tabindex");
    caret.removeAttribute("aria-label");
  }
  document.querySelector(".VPHome")?.setAttribute("role", "main");
}

export default {
  extends: DefaultTheme,
  setup() {
    onMounted(mend);
    onContentUpdated(mend);
  },
};
