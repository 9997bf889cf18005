using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Sim7600.Emulator.Broker;
using Sim7600.Emulator.Modem;
using Sim7600.Emulator.Network;
using Sim7600.Protocol.Results;

namespace Sim7600.Emulator.Replay;

/// <summary>
/// The world outside of the modem as a session shows it: which names had addresses, which connections came about, what
/// servers answered. The modem decides what it prints of that; a session never reaches a real network again.
/// </summary>
internal sealed partial class RecordedNetwork : INetworkDialer, IHttpExchange
{
    private static readonly IPAddress Somewhere = IPAddress.Parse("192.0.2.1");
    private static readonly TimeSpan LateRegistration = TimeSpan.FromSeconds(30);
    private readonly Dictionary<string, IPAddress> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly Queue<SocketResultCode> _connections = new();
    private readonly Queue<bool> _handshakes = new();
    private readonly Queue<TimeSpan?> _echoes = new();
    private readonly Queue<(int Status, int Length)> _answers = new();
    private readonly Queue<byte[]> _heads = new();
    private readonly Queue<byte[]> _bodies = new();
    private readonly List<CallOutcome> _calls = [];
    private readonly List<int?> _messages = [];
    private readonly int? _firstReference;
    private readonly bool _knowsNoNames;
    private readonly bool _registersLate;

    public RecordedNetwork(IReadOnlyList<TranscriptStep> steps)
    {
        string[] lines = [.. steps.SelectMany(step => step.Receive ?? [])];
        bool hasBooted = false;
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i];
            if (Name().Match(line) is { Success: true } name && IPAddress.TryParse(name.Groups[2].Value, out IPAddress? address))
            {
                _names[name.Groups[1].Value] = address;
            }
            else if (line == "PB DONE")
            {
                hasBooted = true;
            }
            else if (hasBooted && Searching().IsMatch(line))
            {
                _registersLate = true;
            }
            else if (line.StartsWith("+CDNSGIP: 0", StringComparison.Ordinal))
            {
                _knowsNoNames = true;
            }
            else if (Opened().Match(line) is { Success: true } opened)
            {
                _connections.Enqueue((SocketResultCode)Number(opened, 1));
            }
            else if (OpenedSession().Match(line) is { Success: true } session)
            {
                var code = (CchResultCode)Number(session, 1);
                _connections.Enqueue(code switch
                {
                    CchResultCode.Success or CchResultCode.HandshakeFailed => SocketResultCode.Success,
                    CchResultCode.DnsFailed => SocketResultCode.DnsFailed,
                    CchResultCode.Timeout => SocketResultCode.Timeout,
                    _ => SocketResultCode.NetworkFailure,
                });
                if (code is CchResultCode.Success or CchResultCode.HandshakeFailed)
                {
                    _handshakes.Enqueue(code == CchResultCode.Success);
                }
            }
            else if (Echo().Match(line) is { Success: true } echo)
            {
                _echoes.Enqueue(echo.Groups[1].Success ? TimeSpan.FromMilliseconds(Number(echo, 1)) : null);
            }
            else if (Acted().Match(line) is { Success: true } acted)
            {
                _answers.Enqueue((Number(acted, 1), Number(acted, 2)));
            }
            else if (Head().Match(line) is { Success: true } head)
            {
                _heads.Enqueue(Counted(lines, i + 1, Number(head, 1), '\n'));
            }
            else if (Reference().Match(line) is { Success: true } reference)
            {
                _firstReference ??= Number(reference, 1);
                _messages.Add(null);
            }
            else if (line is "+CMS ERROR: Unknown error" or "+CMS ERROR: 500")
            {
                _messages.Add(CmsError.Unknown);
            }
            else if (Body().Match(line) is { Success: true } body)
            {
                _bodies.Enqueue(Counted(lines, i + 1, Number(body, 1), '\n'));
            }
        }

        for (int i = 0; i < steps.Count; i++)
        {
            if (steps[i].Send is { } typed && typed.StartsWith("ATD", StringComparison.OrdinalIgnoreCase) && typed.EndsWith(';'))
            {
                IEnumerable<string> printed = steps.Skip(i + 1).TakeWhile(step => step.Send is null).SelectMany(step => step.Receive ?? []);
                _calls.Add(printed.Select(OutcomeOf).FirstOrDefault(outcome => outcome != CallOutcome.Rings));
            }
        }
    }

    /// <summary>Puts a modem into this world.</summary>
    public void Surround(VirtualModem modem)
    {
        modem.Dialer = this;
        modem.HttpExchange = this;
        modem.NetworkAnswersAtOnce = true;
        modem.Network.AnswersLateBy = _registersLate ? LateRegistration : TimeSpan.Zero;
        _calls.ForEach(modem.Calls.Outcomes.Enqueue);
        _messages.ForEach(modem.Messages.Outcomes.Enqueue);
        modem.Messages.NextReference = _firstReference ?? modem.Messages.NextReference;
    }

    /// <inheritdoc/>
    public async Task<DialedConnection> ConnectAsync(string host, int port, int localPort, CancellationToken cancellationToken)
    {
        SocketResultCode code = _connections.TryDequeue(out SocketResultCode recorded) ? recorded : SocketResultCode.Success;
        if (code != SocketResultCode.Success)
        {
            throw new SocketException((int)(code switch
            {
                SocketResultCode.DnsFailed => SocketError.HostNotFound,
                SocketResultCode.Timeout => SocketError.TimedOut,
                _ => SocketError.NetworkDown,
            }));
        }

        IReadOnlyList<IPAddress> addresses = await ResolveAsync(host, cancellationToken).ConfigureAwait(false);
        return new DialedConnection(new SilentStream(), new IPEndPoint(addresses[0], port));
    }

    /// <inheritdoc/>
    public Task<DialedConnection> SecureAsync(
        DialedConnection connection, TlsRequest request, string host, TimeProvider time, CancellationToken cancellationToken) =>
        _handshakes.TryDequeue(out bool isDone) && !isDone ? throw new TlsHandshakeException("as recorded", new IOException()) : Task.FromResult(connection);

    /// <inheritdoc/>
    public IDatagramSocket Bind(int localPort) => new SilentDatagrams();

    /// <inheritdoc/>
    public Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) =>
        _names.TryGetValue(host, out IPAddress? address) || IPAddress.TryParse(host, out address) ? Task.FromResult<IReadOnlyList<IPAddress>>([address])
        : _knowsNoNames ? throw new SocketException((int)SocketError.HostNotFound)
        : Task.FromResult<IReadOnlyList<IPAddress>>([Somewhere]);

    /// <inheritdoc/>
    public Task<TimeSpan?> PingAsync(IPAddress address, int size, int timeToLive, TimeSpan limit, CancellationToken cancellationToken) =>
        Task.FromResult(_echoes.TryDequeue(out TimeSpan? time) ? time : null);

    /// <inheritdoc/>
    public Task<HttpAnswer> SendAsync(HttpQuestion question, CancellationToken cancellationToken)
    {
        (int status, int length) = _answers.TryDequeue(out (int Status, int Length) answer) ? answer : (200, _bodies.TryPeek(out byte[]? whole) ? whole.Length : 0);
        if (status >= (int)HttpResultCode.NetworkError - 1)
        {
            throw new HttpExchangeException((HttpResultCode)status, "as recorded");
        }

        byte[] head = _heads.TryDequeue(out byte[]? recorded) ? recorded : Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\n\r\n");
        byte[] body = _bodies.TryDequeue(out byte[]? part) ? part : [];
        return Task.FromResult(new HttpAnswer(status, head, [.. body.Take(length), .. Enumerable.Repeat((byte)'.', Math.Max(0, length - body.Length))]));
    }

    /// <summary>The lines behind a header, up to a length that the header names; posters leave lines out, so the rest is filled.</summary>
    private static byte[] Counted(string[] lines, int first, int length, char filling)
    {
        var text = new StringBuilder();
        for (int i = first; i < lines.Length && text.Length + lines[i].Length <= length && lines[i] != "OK" && !lines[i].StartsWith("+HTTP", StringComparison.Ordinal); i++)
        {
            text.Append(i == first ? "" : "\r\n").Append(lines[i]);
        }

        return Encoding.Latin1.GetBytes(text.ToString().PadRight(length, filling)[..length]);
    }

    private static CallOutcome OutcomeOf(string line) => line switch
    {
        "NO CARRIER" => CallOutcome.Unreachable,
        "BUSY" => CallOutcome.Busy,
        "VOICE CALL: BEGIN" => CallOutcome.Answered,
        _ => CallOutcome.Rings,
    };

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("^\\+CDNSGIP: 1,\"([^\"]+)\",\"([0-9.]+)\"")]
    private static partial Regex Name();

    [GeneratedRegex(@"^\+C[GE]?REG: [012],2")]
    private static partial Regex Searching();

    [GeneratedRegex(@"^\+CIPOPEN: \d,(\d{1,2})$")]
    private static partial Regex Opened();

    [GeneratedRegex(@"^\+(?:CCHOPEN: \d,|CHTTPSOPSE: ?)(\d{1,2})$")]
    private static partial Regex OpenedSession();

    [GeneratedRegex(@"^\+CPING: (?:1,[^,]+,\d+,(\d+),\d+|2)$")]
    private static partial Regex Echo();

    [GeneratedRegex(@"^\+HTTPACTION: \d,(\d{3}),(\d{1,6})$")]
    private static partial Regex Acted();

    [GeneratedRegex(@"^\+HTTPHEAD: DATA,(\d{1,6})$")]
    private static partial Regex Head();

    [GeneratedRegex(@"^\+HTTPREAD: (?:DATA,)?([1-9]\d{0,5})$")]
    private static partial Regex Body();

    [GeneratedRegex(@"^\+CM(?:GS|SS): (\d{1,3})$")]
    private static partial Regex Reference();

    /// <summary>A far end that takes everything and says nothing.</summary>
    private sealed class SilentStream : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(false);
            return 0;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count)
        {
        }
    }

    private sealed class SilentDatagrams : IDatagramSocket
    {
        public Task SendAsync(byte[] datagram, IPEndPoint to, CancellationToken cancellationToken) => Task.CompletedTask;

        public async Task<(byte[] Datagram, IPEndPoint From)> ReceiveAsync(CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(false);
            return ([], new IPEndPoint(Somewhere, 0));
        }

        public void Dispose()
        {
        }
    }
}
