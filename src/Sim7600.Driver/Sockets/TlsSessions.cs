using Sim7600.Driver.Channel;
using Sim7600.Protocol;
using Sim7600.Protocol.Grammar;
using Sim7600.Protocol.Results;

namespace Sim7600.Driver.Sockets;

/// <summary>The TLS sessions of AT+CCHOPEN (AT command manual V3.00, chapter 10; <c>core.md</c> 10.3).</summary>
internal sealed class TlsSessions(AtChannel channel) : SocketFamily(channel, SocketLimits.CchSessions)
{
    private bool _reportsSends = true;

    public override string Noun => "TLS session";

    public override int LargestSend => SocketLimits.CchSend;

    public override string OpenCommandName => "AT+CCHOPEN";

    public override async Task PrepareAsync(AtLease lease, SocketReceiveMode mode, string target, CancellationToken cancellationToken)
    {
        if (IsPrepared && Mode == mode)
        {
            return;
        }

        // Taken before CCHSTART only: a service that an earlier run started is adopted when its mode fits, and restarted otherwise.
        int wanted = mode == SocketReceiveMode.Manual ? 1 : 0;
        var set = new AtCommand(Line($"AT+CCHSET=1,{wanted}"));
        if (await TryAsync(lease, set, cancellationToken).ConfigureAwait(false) is null)
        {
            AtReply? now = await TryAsync(lease, AtCommand.Query("AT+CCHSET?", "+CCHSET:"), cancellationToken).ConfigureAwait(false);
            string? line = LastLine(now);
            if (NumberIn(line, 1) == wanted)
            {
                _reportsSends = NumberIn(line, 0) == 1;
                IsPrepared = true;
                return;
            }

            await TryAsync(lease, new AtCommand("AT+CCHSTOP") { ResultLine = new("+CCHSTOP:"), Timeout = ServiceTimeout }, cancellationToken).ConfigureAwait(false);
            await lease.ExecuteAsync(set, cancellationToken).ConfigureAwait(false);
        }

        _reportsSends = true;
        var start = new AtCommand("AT+CCHSTART") { ResultLine = new("+CCHSTART:"), Timeout = ServiceTimeout };
        AtReply? reply = await TryAsync(lease, start, cancellationToken).ConfigureAwait(false);
        if (NumberIn(reply?.ResultLine, 0) != 0 && !await IsStartedAsync(lease, cancellationToken).ConfigureAwait(false))
        {
            throw new SocketOpenException(
                "AT+CCHSTART", target, NumberIn(reply?.ResultLine, 0),
                $"the modem does not start its TLS service ({reply?.ResultLine ?? "ERROR"}); check registration, SIM data plan and APN (AT+CGDCONT?)");
        }

        IsPrepared = true;
    }

    public override async Task<(int? Code, long Sequence)> OpenAsync(
        AtLease lease, int number, string host, int port, bool tls, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var command = new AtCommand(new AtCommandWriter("+CCHOPEN").Number(number).Text(host, nameof(host)).Number(port).Number(tls ? 2 : 1).ToString())
        {
            ResultLine = new("+CCHOPEN:") { FirstParameter = number },
            Timeout = timeout,
        };
        AtReply? reply = await TryAsync(lease, command, cancellationToken).ConfigureAwait(false);
        return (NumberIn(reply?.ResultLine, 1), reply?.Sequence ?? 0);
    }

    public override async Task<OpenFailure> ExplainAsync(AtLease lease, int? code, CancellationToken cancellationToken) => code switch
    {
        (int)CchResultCode.CertificatesMissing or (int)CchResultCode.OpenSessionFailed => OpenFailure.Files,
        not null => OpenFailure.Real,
        _ => await IsStartedAsync(lease, cancellationToken).ConfigureAwait(false) ? OpenFailure.InUse : OpenFailure.ServiceDown,
    };

    public override string MeaningOf(int code) => (CchResultCode)code switch
    {
        CchResultCode.Busy => "the modem is busy; try again",
        CchResultCode.ClosedByPeer or CchResultCode.Alert => "the server closed the connection; it may demand a client certificate",
        CchResultCode.Timeout => "no answer in time; check host, port and signal",
        CchResultCode.NetworkError or CchResultCode.NoNetwork => "there is no network; check the registration",
        CchResultCode.OpenSessionFailed => "the modem could not make a TLS session of its files; they were deleted from it and are sent anew next time",
        CchResultCode.DnsFailed => "the host name could not be resolved; check the name and the APN's DNS",
        CchResultCode.ConnectFailed or CchResultCode.CreateSocketFailed => "no TCP connection; check host and port",
        CchResultCode.HandshakeFailed =>
            "the TLS handshake failed; check that the CA certificate is the one that signed the server's certificate, the host name, the TLS version and the client certificate",
        CchResultCode.CertificatesMissing => "a certificate file is missing from the modem; the files are sent anew next time",
        _ => "the modem does not say why",
    };

    public override AtCommand CloseCommand(int number) => new(Line($"AT+CCHCLOSE={number}"))
    {
        ResultLine = new("+CCHCLOSE:") { FirstParameter = number },
        Timeout = ServiceTimeout,
    };

    public override bool ReportsSends => _reportsSends;

    public override AtCommand SendCommand(int number, ReadOnlyMemory<byte> piece, TimeSpan timeout) =>
        new(Line($"AT+CCHSEND={number},{piece.Length}")) { Data = piece, Timeout = timeout };

    public override string? FailureIn(string line, int length) =>
        NumberIn(line, 1) is { } code ? code == 0 ? null : Line($"{code}, {(CchResultCode)code}") : line;

    public override async Task<bool> FetchAsync(SocketStream socket, CancellationToken cancellationToken)
    {
        // A command that is on the wire is not given up when the socket is disposed: getting back in step would cost more than its answer.
        using AtLease lease = await Channel.AcquireAsync(cancellationToken).ConfigureAwait(false);
        AtReply? waiting = await TryAsync(lease, AtCommand.Query("AT+CCHRECV?", "+CCHRECV: LEN"), CancellationToken.None).ConfigureAwait(false);
        int length = NumberIn(LastLine(waiting), socket.Number + 1) ?? 0;
        if (length <= 0)
        {
            return false;
        }

        cancellationToken.ThrowIfCancellationRequested();
        int asked = Math.Min(length, SocketLimits.CchFetch);
        Task delivered = socket.AwaitDelivery(asked);
        var command = new AtCommand(Line($"AT+CCHRECV={socket.Number},{asked}")) { ResultLine = new("+CCHRECV:") { FirstParameter = socket.Number } };
        AtReply? reply = await TryAsync(lease, command, CancellationToken.None).ConfigureAwait(false);
        if (reply?.Final.IsSuccess != true)
        {
            return false;
        }

        await socket.DeliveredAsync(delivered, cancellationToken).ConfigureAwait(false);

        // More may have come since LEN was asked for, and only a session that was empty announces what comes: ask until nothing is left.
        return true;
    }

    // CCHADDR needs the service and nothing else.
    private static async Task<bool> IsStartedAsync(AtLease lease, CancellationToken cancellationToken) =>
        await TryAsync(lease, AtCommand.Query("AT+CCHADDR", "+CCHADDR:"), cancellationToken).ConfigureAwait(false) is not null;
}
