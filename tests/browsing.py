"""A real browser for tests: pages that must not complain, people who sign in, and the rules of accessibility."""

import os
import shutil
from pathlib import Path

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
AXE = Path(__file__).parent / "assets" / "axe.min.js"
PICTURES = os.environ.get("PICTURES", "")  # a folder for pictures of the screens that the tests see
LIGHT, DARK, PHONE = ("light", 1440), ("dark", 1440), ("light", 390)
# Rules and findings; `preload` would fetch style sheets again under a policy that forbids it to other origins.
RUN = """rules => axe.run(document, {preload: false, resultTypes: ['violations'],
    ...(rules.length ? {runOnly: {type: 'rule', values: rules}} : {})})"""

# The elements with behaviour of their own have got it.
# The grid is awake before anybody types; look-ups and dates come when a person comes near one.
AWAKE = """() => [...document.querySelectorAll("line-grid")]
    .every(x => !x.checkVisibility() || customElements.get(x.localName))"""
# What the page asked for by itself (sums, counts, badges) has come.
CALM = """() => document.readyState === "complete" && !document.querySelector(".htmx-request")
    && !document.getAnimations().some(a => a.playState === "running")"""


class Visit:
    """One person's browser window on the live server; collects what the console complains about."""

    def __init__(self, browser, url, dress=LIGHT, **options):
        scheme, width = dress
        self.url = url
        self.context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            reduced_motion="reduce",  # colours that are on their way from one theme to the other have no contrast to judge
            accept_downloads=True,
            permissions=["clipboard-read", "clipboard-write"],
            **options,
        )
        self.page = self.context.new_page()
        self.complaints, self.policies = [], {}
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("response", self._read_policy)

    def _hear(self, message):
        # A refused form answers 422, which Chromium tells as an error of its own.
        if message.type in ("error", "warning") and "status of 4" not in message.text:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def _read_policy(self, response):
        if "text/html" in response.headers.get("content-type", ""):
            self.policies[response.url] = response.headers.get("content-security-policy", "")

    def sign_in(self, user, password):
        """By the form, as a person does."""
        self.go("/accounts/login/")
        self.page.fill("input[type=email]", user.email)
        self.page.fill("input[type=password]", password)
        self.page.keyboard.press("Enter")
        self.page.wait_for_url(lambda url: "login" not in url)
        return self

    def enter(self, user):
        """With a session of the server, where signing in is not what is tested."""
        from django.test import Client

        client = Client()
        client.force_login(user, backend="backoffice.access.backends.RoleBackend")
        self.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": self.url}])
        return self

    def go(self, path):
        answer = self.page.goto(path if path.startswith("http") else self.url + path)
        self.page.wait_for_function(AWAKE)
        return answer

    def settle(self):
        self.page.wait_for_function(CALM)

    def text(self, selector="main"):
        return self.page.locator(selector).first.inner_text()

    def picture(self, name):
        if PICTURES:
            self.page.screenshot(path=str(Path(PICTURES) / f"{name}.png"), full_page=True)

    def findings(self, *rules):
        """What axe-core finds on the page as it stands, by all rules or these: rule, weight, the first elements."""
        before = list(self.complaints)
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate(RUN, list(rules))["violations"]
        self.complaints[:] = before  # the checker itself tries styles that the policy refuses
        return [(v["id"], v["impact"], [node["html"][:160] for node in v["nodes"][:3]]) for v in found]

    def close(self):
        self.context.close()
