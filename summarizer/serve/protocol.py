"""HTTP/1.1 by uvicorn and h11, with an end to the patience for clients that never finish. ``server`` runs it.

uvicorn waits for ever for the head of a request and for its answer to be taken, and reads whatever follows one that was
answered before its end.
"""

from __future__ import annotations

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from summarizer.serve.problems import MEDIA_TYPE, problem_bytes

HEAD_SECONDS = 10.0
ANSWER_SECONDS = 30.0


class PatientProtocol(H11Protocol):
    """One connection."""

    head_seconds = HEAD_SECONDS
    """For a request's head, and for the rest of one that was answered before its end."""
    answer_seconds = ANSWER_SECONDS
    """For an answer to be taken, once the system holds as much of it as it will."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._patience: asyncio.TimerHandle | None = None
        self._untaken: asyncio.TimerHandle | None = None
        transport.set_write_buffer_limits(high=0)  # so that writing pauses wherever a byte is left behind
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_watching()
        self._stop_waiting_for_taker()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Begin to wait for an answer to be taken: all of it, since a byte now and then would do otherwise.

        Closing would not help, for that sends what is left first.
        """
        super().pause_writing()
        if self._untaken is None:
            self._untaken = self.loop.call_later(self.answer_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """Stop waiting: all of it was taken."""
        super().resume_writing()
        self._stop_waiting_for_taker()

    def data_received(self, data: bytes) -> None:
        """Take what came, and see whether it is still the same head that is waited for."""
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """Go on to the next request, or see how long what is left of this one takes."""
        super().on_response_complete()
        self._watch()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP."""
        self._refuse(400, "What was sent is not HTTP/1.1 as it should be.")

    def _watch(self) -> None:
        """Let the timer run while a head, or the rest of an answered request, is to come; stop it else.

        A connection that is kept and silent is uvicorn's to close.
        """
        theirs, ours = self.conn.their_state, self.conn.our_state
        is_head = theirs is h11.IDLE and (self.cycle is None or bool(self.conn.trailing_data[0]))
        is_rest = theirs is h11.SEND_BODY and ours in (h11.DONE, h11.MUST_CLOSE)
        if not (is_head or is_rest) or self.transport.is_closing():
            self._stop_watching()
        elif self._patience is None:
            self._patience = self.loop.call_later(self.head_seconds, self._give_up)

    def _stop_watching(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _stop_waiting_for_taker(self) -> None:
        if self._untaken is not None:
            self._untaken.cancel()
            self._untaken = None

    def _give_up(self) -> None:
        self._patience = None
        if self.transport.is_closing():
            return
        if self.conn.our_state is h11.IDLE:
            self._refuse(408, f"The head of the request did not come in {self.head_seconds:g} s, the limit.")
        else:
            self.transport.close()

    def _refuse(self, status: int, detail: str) -> None:
        if self.conn.our_state is not h11.IDLE and self.conn.our_state is not h11.SEND_RESPONSE:
            self.transport.close()
            return
        body = problem_bytes(status, detail)
        headers = [
            (b"content-type", MEDIA_TYPE.encode()),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
        ]
        for event in (h11.Response(status_code=status, headers=headers), h11.Data(data=body), h11.EndOfMessage()):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()
