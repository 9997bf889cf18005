using Sim7600.Driver.Channel;
using Sim7600.Protocol;
using Sim7600.Protocol.Grammar;
using Sim7600.Protocol.Results;

namespace Sim7600.Driver.Sockets;

/// <summary>The TCP links of AT+CIPOPEN (AT command manual V3.00, chapter 11; <c>core.md</c> 9).</summary>
internal sealed class TcpLinks(AtChannel channel) : SocketFamily(channel, SocketLimits.Links)
{
    private const string IpErrorPrefix = "+IP ERROR:";

    public override string Noun => "TCP link";

    public override int LargestSend => SocketLimits.Send;

    public override string OpenCommandName => "AT+CIPOPEN";

    /// <summary>The network service broke down by itself: it wants NETCLOSE before NETOPEN.</summary>
    public bool WantsNetClose { get; set; }

    public override async Task PrepareAsync(AtLease lease, SocketReceiveMode mode, string target, CancellationToken cancellationToken)
    {
        if (mode == SocketReceiveMode.Push)
        {
            await NameLinksInPushedDataAsync(lease, cancellationToken).ConfigureAwait(false);
        }

        if (!IsPrepared)
        {
            await OpenNetworkAsync(lease, target, cancellationToken).ConfigureAwait(false);
        }

        await lease.ExecuteAsync(new AtCommand(mode == SocketReceiveMode.Manual ? "AT+CIPRXGET=1" : "AT+CIPRXGET=0"), cancellationToken).ConfigureAwait(false);
        IsPrepared = true;
    }

    public override async Task<(int? Code, long Sequence)> OpenAsync(
        AtLease lease, int number, string host, int port, bool tls, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var command = new AtCommand(new AtCommandWriter("+CIPOPEN").Number(number).Text("TCP").Text(host, nameof(host)).Number(port).ToString())
        {
            ResultLine = new("+CIPOPEN:") { FirstParameter = number, FailurePrefixes = [IpErrorPrefix] },
            Timeout = timeout,
        };
        AtReply? reply = await TryAsync(lease, command, cancellationToken).ConfigureAwait(false);
        if (reply?.ResultLine is { } line && line.StartsWith(IpErrorPrefix, StringComparison.Ordinal))
        {
            return (IsNetworkNotOpened(line) ? (int)SocketResultCode.NetworkNotOpened : (int)SocketResultCode.Unknown, reply.Sequence);
        }

        return (NumberIn(reply?.ResultLine, 1), reply?.Sequence ?? 0);
    }

    public override Task<OpenFailure> ExplainAsync(AtLease lease, int? code, CancellationToken cancellationToken) => Task.FromResult(code switch
    {
        (int)SocketResultCode.NetworkNotOpened => OpenFailure.ServiceDown,
        (int)SocketResultCode.OperationNotSupported => OpenFailure.InUse,
        _ => OpenFailure.Real,
    });

    public override string MeaningOf(int code) => (SocketResultCode)code switch
    {
        SocketResultCode.NetworkFailure => "the network failed or nobody listens there; check host, port and the APN's routing",
        SocketResultCode.NetworkNotOpened => "the network service is not open; check the registration",
        SocketResultCode.WrongParameter => "the modem does not take host or port",
        SocketResultCode.OperationNotSupported => "all links are in use in the modem, by an earlier run or another program; AT+NETCLOSE ends them",
        SocketResultCode.Busy => "the modem is busy; try again",
        SocketResultCode.Timeout => "no answer in time; check host, port and signal",
        SocketResultCode.DnsFailed => "the host name could not be resolved; check the name and the APN's DNS",
        _ => "the modem does not say why",
    };

    public override AtCommand CloseCommand(int number) => new(Line($"AT+CIPCLOSE={number}"))
    {
        ResultLine = new("+CIPCLOSE:") { FirstParameter = number, FailurePrefixes = [IpErrorPrefix] },
        Timeout = ServiceTimeout,
    };

    public override AtCommand SendCommand(int number, ReadOnlyMemory<byte> piece, TimeSpan timeout) => new(Line($"AT+CIPSEND={number},{piece.Length}"))
    {
        Data = piece,
        ResultLine = new("+CIPERROR:") { OnlyOnFailure = true, FailurePrefixes = [IpErrorPrefix] },
        Timeout = timeout,
    };

    public override string? FailureIn(string line, int length) => NumberIn(line, 2) switch
    {
        { } sent when sent == length => null,
        -1 => "the link was gone",
        _ => line,
    };

    public override async Task<bool> FetchAsync(SocketStream socket, CancellationToken cancellationToken)
    {
        Task delivered = socket.AwaitDelivery(1);
        var command = new AtCommand(Line($"AT+CIPRXGET=2,{socket.Number},{SocketLimits.Fetch}")) { ResultLine = new(IpErrorPrefix) { OnlyOnFailure = true } };
        // A command that is on the wire is not given up when the socket is disposed: getting back in step would cost more than its answer.
        using AtLease lease = await Channel.AcquireAsync(cancellationToken).ConfigureAwait(false);
        AtReply? reply = await TryAsync(lease, command, CancellationToken.None).ConfigureAwait(false);
        if (reply?.Final.IsSuccess != true)
        {
            return false; // +IP ERROR: No data
        }

        await socket.DeliveredAsync(delivered, cancellationToken).ConfigureAwait(false);
        return socket.LeftInModem > 0;
    }

    private static bool IsNetworkNotOpened(string line) =>
        line.Contains(IpError.TextOf(IpError.NetworkNotOpened), StringComparison.OrdinalIgnoreCase) || NumberIn(line, 0) == IpError.NetworkNotOpened;

    /// <summary>Without this, pushed data does not say which link it is from.</summary>
    private static async Task NameLinksInPushedDataAsync(AtLease lease, CancellationToken cancellationToken)
    {
        const int HeaderType = 4;
        AtReply now = await lease.ExecuteAsync(AtCommand.Query("AT+CIPCCFG?", "+CIPCCFG:"), cancellationToken).ConfigureAwait(false);
        string[] settings = now.After("+CIPCCFG:")?.Split(',') ?? [];
        if (settings.Length <= HeaderType)
        {
            throw lease.Channel.NotUnderstood("AT+CIPCCFG?", "fewer settings than there should be");
        }

        if (settings[HeaderType].Trim() != "1")
        {
            settings[HeaderType] = "1";
            await lease.ExecuteAsync(new AtCommand("AT+CIPCCFG=" + string.Join(',', settings)), cancellationToken).ConfigureAwait(false);
        }

        await lease.ExecuteAsync(new AtCommand("AT+CIPHEAD=1"), cancellationToken).ConfigureAwait(false);
    }

    private async Task OpenNetworkAsync(AtLease lease, string target, CancellationToken cancellationToken)
    {
        if (WantsNetClose)
        {
            await TryAsync(lease, new AtCommand("AT+NETCLOSE") { ResultLine = new("+NETCLOSE:"), Timeout = ServiceTimeout }, cancellationToken).ConfigureAwait(false);
            WantsNetClose = false;
        }

        var open = new AtCommand("AT+NETOPEN") { ResultLine = new("+NETOPEN:") { FailurePrefixes = [IpErrorPrefix] }, Timeout = ServiceTimeout };
        AtReply? reply = await TryAsync(lease, open, cancellationToken).ConfigureAwait(false);
        int? code = NumberIn(reply?.ResultLine, 0);
        bool refused = reply?.ResultLine?.StartsWith(IpErrorPrefix, StringComparison.Ordinal) == true;
        if (reply is not null && !refused && code == 0)
        {
            return;
        }

        // An earlier run may have opened it, and some firmware answers 1 although the bearer is up: what counts is whether it is open now.
        AtReply state = await lease.ExecuteAsync(AtCommand.Query("AT+NETOPEN?", "+NETOPEN:"), cancellationToken).ConfigureAwait(false);
        if (NumberIn(LastLine(state), 0) == 1)
        {
            return;
        }

        throw new SocketOpenException(
            "AT+NETOPEN", target, refused ? null : code,
            $"the modem gives no network service ({reply?.ResultLine ?? "ERROR"}); check registration, SIM data plan and APN (AT+CGDCONT?)");
    }
}
