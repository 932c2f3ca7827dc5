// The page's entry.

import { mount } from "svelte";
import { element } from "../site/connection.ts";
import App from "./app.svelte";

mount(App, { target: element("#root", HTMLElement) });
