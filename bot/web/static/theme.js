// Light or dark as the device asks; runs before the page is drawn so that nothing flashes.
"use strict";
const dark = window.matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.setAttribute("data-bs-theme", dark.matches ? "dark" : "light");
document.documentElement.classList.add("scripted");
follow();
dark.addEventListener("change", follow);
