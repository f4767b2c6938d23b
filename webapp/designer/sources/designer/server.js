// Asks the server: JSON both ways, with the token that proves the page is ours; refusals come back as they were said.
export class Server {
  constructor({ address, token }) {
    this.address = address;
    this.token = token;
  }

  async send(method, path, body, more = {}) {
    const answer = await fetch(`${this.address}${path}`, {
      method, credentials: "same-origin", body: JSON.stringify(body),
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.token, "Idempotency-Key": crypto.randomUUID() },
      ...more,
    });
    const said = await answer.json().catch(() => ({}));
    return { ok: answer.ok, status: answer.status, ...said };
  }

  // Sends a form of the page; answers whether it was taken: what follows is another page, and is not read.
  async submit(path, fields) {
    const answer = await fetch(`${this.address}${path}`, {
      method: "POST", credentials: "same-origin", redirect: "manual", body: new URLSearchParams({ ...fields, idempotency_key: crypto.randomUUID() }),
      headers: { "X-CSRFToken": this.token },
    });
    return answer.type === "opaqueredirect";
  }

  // Asks for a part of a page.
  async page(path, body) {
    const answer = await fetch(`${this.address}${path}`, {
      method: "POST", credentials: "same-origin", body: JSON.stringify(body), headers: { "Content-Type": "application/json", "X-CSRFToken": this.token },
    });
    return answer.text();
  }

  async read(path) {
    const answer = await fetch(`${this.address}${path}`, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return answer;
  }

  fileAddress(name) {
    return `/files/${name.split("/").map(encodeURIComponent).join("/")}`;
  }
}
