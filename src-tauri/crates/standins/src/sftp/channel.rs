//! One channel that speaks SFTP: three parts that never wait for one another in a circle. One takes packets off the
//! channel, a thread answers them in their order, one sends the answers.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::{Buf as _, Bytes, BytesMut};
use russh::{Channel, ChannelMsg, ChannelReadHalf, ChannelWriteHalf, server::Msg};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::{
    Server,
    session::{Outcome, SftpSession},
};

/// Bytes of packets that wait to be answered. Only this slows a client down: were it the answers that wait, a client
/// that does not read would keep the connection from taking in what it needs to go on.
const BACKLOG: usize = 64 << 20;
/// Answers are sent together up to about this size.
const TOGETHER: usize = 256 << 10;
/// As OpenSSH's `SFTP_MAX_MSG_LENGTH`.
const LONGEST: usize = 256 << 10;
/// What servers with small packets take: 32 KiB and room for the header.
const LONGEST_SMALL: usize = 34_000;

struct Request {
    packet: Bytes,
    arrived: Instant,
    _room: OwnedSemaphorePermit,
}

struct Answer {
    packet: Bytes,
    due: Instant,
}

/// Speaks SFTP on `channel` until either side ends it.
pub(super) async fn serve(channel: Channel<Msg>, server: Arc<Server>, cut: CancellationToken) {
    let (reader, writer) = channel.split();
    let (requests, incoming) = mpsc::unbounded_channel();
    let (outgoing, answers) = mpsc::unbounded_channel();
    let longest = if server.quirks.small_packets { LONGEST_SMALL } else { LONGEST };
    // Ends when its sender is dropped.
    let (finished, worked) = oneshot::channel::<()>();
    let session = SftpSession::new(Arc::clone(&server));
    let worker_cut = cut.clone();
    drop(tokio::task::spawn_blocking(move || {
        answer_all(session, incoming, &outgoing, &worker_cut);
        drop(finished);
    }));
    let sending = send_all(&writer, answers, &server, &cut);
    let receiving = receive_all(reader, requests, longest);
    let working = async {
        tokio::pin!(worked);
        tokio::select! {
            // The thread ends by itself where the client does not speak the protocol.
            _ = &mut worked => return,
            () = receiving => {}
        }
        // Its sender is only ever dropped.
        drop(worked.await);
    };
    tokio::select! {
        () = cut.cancelled() => {}
        _ = async { tokio::join!(sending, working) } => {}
    }
    // The client may have closed the channel or be gone already.
    drop(writer.exit_status(0).await);
    drop(writer.eof().await);
    drop(writer.close().await);
}

async fn receive_all(mut reader: ChannelReadHalf, requests: mpsc::UnboundedSender<Request>, longest: usize) {
    let room = Arc::new(Semaphore::new(BACKLOG));
    let mut buffer = BytesMut::new();
    while let Some(message) = reader.wait().await {
        match message {
            ChannelMsg::Data { data } => buffer.extend_from_slice(&data),
            ChannelMsg::Eof | ChannelMsg::Close => return,
            _ => continue,
        }
        while buffer.len() >= 4 {
            let length = buffer.as_ref().get_u32() as usize;
            if length == 0 || length > longest {
                tracing::debug!(length, "a packet that is too long ends the session");
                return;
            }
            if buffer.len() < 4 + length {
                buffer.reserve(4 + length - buffer.len());
                break;
            }
            buffer.advance(4);
            let packet = buffer.split_to(length).freeze();
            let taken = u32::try_from(length).unwrap_or(u32::MAX);
            let Ok(room) = Arc::clone(&room).acquire_many_owned(taken).await else { return };
            if requests.send(Request { packet, arrived: Instant::now(), _room: room }).is_err() {
                return;
            }
        }
    }
}

/// Answers in the order of the requests, as OpenSSH's server does; on a thread of its own, because it waits for disks.
fn answer_all(
    mut session: SftpSession,
    mut requests: mpsc::UnboundedReceiver<Request>,
    answers: &mpsc::UnboundedSender<Answer>,
    cut: &CancellationToken,
) {
    let mut hangs = false;
    while let Some(request) = requests.blocking_recv() {
        if cut.is_cancelled() {
            return;
        }
        if hangs {
            continue;
        }
        let (outcome, latency) = session.answer(&request.packet);
        match outcome {
            Outcome::Answer(packet) => {
                let due = request.arrived + latency.unwrap_or(Duration::ZERO);
                if answers.send(Answer { packet, due }).is_err() {
                    return;
                }
            }
            Outcome::Hang => hangs = true,
            Outcome::Cut => return cut.cancel(),
            Outcome::End => return,
        }
    }
}

async fn send_all(
    writer: &ChannelWriteHalf<Msg>,
    mut answers: mpsc::UnboundedReceiver<Answer>,
    server: &Server,
    cut: &CancellationToken,
) {
    let mut stalled = server.stalled.subscribe();
    let mut waiting = Vec::new();
    while answers.recv_many(&mut waiting, 256).await > 0 {
        let mut together = BytesMut::new();
        for answer in waiting.drain(..) {
            if Instant::now() < answer.due {
                if !together.is_empty() && writer.data_bytes(together.split().freeze()).await.is_err() {
                    return;
                }
                tokio::time::sleep_until(answer.due.into()).await;
            }
            if stalled.wait_for(|stalled| !stalled).await.is_err() || cut.is_cancelled() {
                return;
            }
            if together.is_empty() && answer.packet.len() >= TOGETHER / 8 {
                if writer.data_bytes(answer.packet).await.is_err() {
                    return;
                }
                continue;
            }
            together.extend_from_slice(&answer.packet);
            if together.len() >= TOGETHER && writer.data_bytes(together.split().freeze()).await.is_err() {
                return;
            }
        }
        if !together.is_empty() && writer.data_bytes(together.freeze()).await.is_err() {
            return;
        }
    }
}
