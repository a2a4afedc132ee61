// Brings the live part up to date every three seconds. Without scripts the page is complete, and reloading does the same.
const live = document.getElementById("live");
const connection = document.getElementById("connection");
const EVERY_MS = 3000;

async function refresh() {
  if (!document.hidden && !live.contains(document.activeElement)) {
    try {
      const reply = await fetch("live", { cache: "no-store" });
      if (!reply.ok) throw new Error(String(reply.status));
      live.innerHTML = await reply.text();
      if (connection.textContent) connection.textContent = "";
    } catch {
      connection.textContent = "The service does not answer; trying again.";
    }
  }
  setTimeout(refresh, EVERY_MS);
}
setTimeout(refresh, EVERY_MS);
