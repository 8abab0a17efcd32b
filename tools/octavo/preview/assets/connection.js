// The way to the server: opened again whenever it is lost.
const SOONEST = 250, LATEST = 3000;

// hello: gives what the server is told first; handlers: one function for each kind of message, and `lost`, `found`.
export const connect = (hello, handlers) => {
  let pause = SOONEST, lost = false;
  const open = () => {
    const socket = new WebSocket(`ws://${location.host}/_octavo/live`);
    socket.addEventListener('open', () => {
      pause = SOONEST;
      if (lost) handlers.found?.();
      lost = false;
      socket.send(JSON.stringify(hello()));
    });
    socket.addEventListener('message', ({ data }) => {
      const message = JSON.parse(data);
      handlers[message.kind]?.(message);
    });
    socket.addEventListener('close', () => {
      if (leaving) return;
      if (!lost) handlers.lost?.();
      lost = true;
      setTimeout(open, pause);
      pause = Math.min(2 * pause, LATEST);
    });
  };
  let leaving = false;
  addEventListener('pagehide', () => { leaving = true; });
  addEventListener('pageshow', event => { if (event.persisted) location.reload(); });
  open();
};
