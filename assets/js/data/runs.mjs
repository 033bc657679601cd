// @ts-check
/** What the server says of all that is in its folders, and what is asked of it. */

/**
 * @typedef {import("../payloads.mjs").RunList} RunList
 * @typedef {import("../payloads.mjs").RunDetailsOf} RunDetailsOf
 * @typedef {import("../payloads.mjs").Preview} Preview
 * @typedef {import("../payloads.mjs").BringChoices} BringChoices
 * @typedef {import("../payloads.mjs").BringState} BringState
 */

/** What an answer says. @param {Response} answer @throws {Error} with the server's sentence */
async function said(answer) {
  if (answer.ok) return answer.json();
  const plain = (answer.headers.get("Content-Type") ?? "").startsWith("text/plain");
  const text = plain ? (await answer.text()).trim() : "";
  throw new Error(text || `The server refuses this (${answer.status} ${answer.statusText}); reload the page.`);
}

/** @param {string} url @param {unknown} body @param {AbortSignal} [signal] */
const post = async (url, body, signal) =>
  said(
    await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
      signal,
    }),
  );

/** @param {string} base prefix under which the app is served, ending in "/" */
export function createRuns(base) {
  return {
    /** @returns {Promise<RunList>} */
    list: async () => said(await fetch(`${base}runs/list`, { cache: "no-store" })),
    /** @returns {Promise<RunDetailsOf>} */
    details: async () => said(await fetch(`${base}runs/details`, { cache: "no-store" })),
    /** @param {{key: string, uid: string}} run @param {string} title @returns {Promise<{title: string}>} */
    rename: ({ key, uid }, title) => post(`${base}runs/rename`, { key, uid, title }),
    /** @param {{key: string, uid: string}} run @returns {Promise<{key: string, title: string}>} */
    remove: ({ key, uid }) => post(`${base}runs/delete`, { key, uid }),
    /** @param {string} key of what is in the trash */
    restore: (key) => post(`${base}runs/restore`, { key }),
  };
}

/** @param {string} base */
export function createUploads(base) {
  const at = `${base}uploads`;
  return {
    /**
     * Send files, piece by piece.
     *
     * @param {File[]} files @param {{progress: (sent: number, of: number) => void, begun: (upload: string) => void, signal: AbortSignal}} given
     * @returns {Promise<string>} what the upload is called
     */
    async send(files, { progress, begun, signal }) {
      const named = files.map(({ name, size }) => ({ name, size }));
      const { upload, piece } = await post(at, { files: named }, signal);
      begun(upload);
      const of = files.reduce((sum, { size }) => sum + size, 0);
      let sent = 0;
      for (const [number, file] of files.entries())
        for (let from = 0; from < file.size; from += piece) {
          const body = file.slice(from, from + piece);
          const headers = { "Content-Type": "application/octet-stream" };
          await said(await fetch(`${at}/${upload}/${number}?at=${from}`, { method: "POST", headers, body, signal }));
          sent += body.size;
          progress(sent, of);
        }
      return upload;
    },
    /** @param {string} upload @param {BringChoices} choices @param {AbortSignal} signal @returns {Promise<Preview>} */
    look: (upload, choices, signal) => post(`${at}/${upload}/look`, choices, signal),
    /** @param {string} upload @param {BringChoices} choices @param {string} title */
    add: (upload, choices, title) => post(`${at}/${upload}/add`, { choices, title }),
    /** @param {string} upload @returns {Promise<BringState>} */
    state: async (upload) => said(await fetch(`${at}/${upload}`, { cache: "no-store" })),
    /** @param {string} upload */
    cancel: (upload) => post(`${at}/${upload}/cancel`, {}),
    /** The same in a tab that is being closed, which waits for no answer. @param {string} upload */
    leave(upload) {
      const headers = { "Content-Type": "application/json" };
      fetch(`${at}/${upload}/cancel`, { method: "POST", headers, body: "{}", keepalive: true }).catch(() => {});
    },
  };
}
