// What a shop's page adds to the components: who is signed in, the basket, and its customer file once it is allowed.

const components = document.querySelectorAll("begleiter-advisor, begleiter-consent, begleiter-suggestions");

async function token() {
  const reply = await fetch("/demo/token");
  if (!reply.ok) throw new Error(`no token: ${reply.status}`);
  return (await reply.json()).token;
}
for (const component of components) component.token = token;

document.addEventListener("begleiter:consent", (event) => {
  event.detail.until(fetch("/demo/profile", { method: "POST" }));
});

document.addEventListener("begleiter:chosen", async (event) => {
  const { kind } = event.detail;
  if (kind !== "product") {
    const told = { method: "POST", headers: { "Content-Type": "application/json" }, keepalive: true };
    fetch("/v1/cross-sell/outcomes", { ...told, body: JSON.stringify({ kind, outcome: "clicked" }) });
  }
  await fetch("/demo/basket", { method: "POST", body: new URLSearchParams({ sku: event.detail.sku }) });
  const page = new DOMParser().parseFromString(await (await fetch("/demo/basket")).text(), "text/html");
  document.querySelector("#basket-count").textContent = page.querySelector("#basket-count").textContent;
});
