// The default theme with the fonts of the system, so that nothing is fetched from elsewhere.

import DefaultTheme from "vitepress/theme-without-fonts";
import "./site.css";

export default DefaultTheme;
