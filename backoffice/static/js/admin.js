/* Django's double list names its magnifying glasses on elements that may carry no name: say that they are pictures. */
addEventListener("load", () => setTimeout(() => document.querySelectorAll("span.search-label-icon").forEach(x => x.setAttribute("role", "img"))));
