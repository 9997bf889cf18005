using Sim7600.Emulator.Broker;
using Sim7600.Protocol.Results;

namespace Sim7600.Emulator.Families;

/// <summary>
/// The pings of one connection, on the modem's clock. A ping is due when for the keep-alive time nothing was sent, or nothing
/// was heard: what is sent into a half-open link does not postpone it. A ping without an answer is told as
/// <c>+CMQTTPING: i,17</c> and the client stays connected until the host does DISC, or the server closes (manual V3.00, 16.3:
/// the host shall disconnect and connect again). That the code is 17, how long an answer is waited for, and that pings go on
/// and fail again, is inferred. All members run on the modem's loop.
/// </summary>
internal sealed class CmqttKeepAlive(VirtualModem modem, bool answersAtOnce, Action<CmqttResultCode> failed)
{
    private static readonly TimeSpan ShortestPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPatience = TimeSpan.FromSeconds(30);

    private IBrokerSession? _session;
    private TimeSpan _period;
    private long _sent;
    private long _heard;
    private IDisposable? _timer;
    private CancellationTokenSource? _ping;

    /// <summary>Something was sent.</summary>
    public void Sent() => _sent = Clock.GetTimestamp();

    /// <summary>Something was received.</summary>
    public void Heard() => _heard = Clock.GetTimestamp();

    /// <summary>Begins with a connection that has just been made.</summary>
    /// <param name="session">The connection.</param>
    /// <param name="seconds">The keep-alive time, 1 or more.</param>
    public void Start(IBrokerSession session, int seconds)
    {
        Stop();
        _session = session;
        _period = TimeSpan.FromSeconds(seconds);
        Sent();
        Heard();
        Wait();
    }

    /// <summary>The connection ends.</summary>
    public void Stop()
    {
        _session = null;
        _timer?.Dispose();
        _ping?.Cancel();
        _ping = null;
    }

    private TimeProvider Clock => modem.Options.TimeProvider;

    /// <summary>Half the keep-alive time, as long as the server waits beyond it, but 2 to 30 s.</summary>
    private TimeSpan Patience => TimeSpan.FromTicks(Math.Clamp(_period.Ticks / 2, ShortestPatience.Ticks, LongestPatience.Ticks));

    private void Wait()
    {
        TimeSpan idle = Clock.GetElapsedTime(Math.Min(_sent, _heard));
        _timer = modem.After(idle < _period ? _period - idle : TimeSpan.Zero, () =>
        {
            if (Clock.GetElapsedTime(Math.Min(_sent, _heard)) < _period)
            {
                Wait();
            }
            else
            {
                Ping();
            }
        });
    }

    private void Ping()
    {
        IBrokerSession session = _session!;
        var ping = new CancellationTokenSource();
        CancellationToken token = ping.Token;
        _ping = ping;
        Sent();
        _timer = modem.After(Patience, () => End(ping, CmqttResultCode.Timeout));
        int epoch = modem.Epoch;
        _ = AnswerAsync();

        async Task AnswerAsync()
        {
            try
            {
                CmqttResultCode code = await (answersAtOnce ? session.PingAsync(token) : Task.Run(() => session.PingAsync(token), CancellationToken.None)).ConfigureAwait(false);
                modem.PostIfStillOn(epoch, () => End(ping, code));
            }
            catch (OperationCanceledException)
            {
                // Nobody waits for the answer any more.
            }
        }
    }

    private void End(CancellationTokenSource ping, CmqttResultCode code)
    {
        if (!ReferenceEquals(ping, _ping))
        {
            return;
        }

        _ping = null;
        _timer?.Dispose();
        ping.Cancel();
        Heard(); // or a fresh start: the next ping is due a keep-alive time later
        Wait();
        if (code == CmqttResultCode.Timeout)
        {
            failed(code); // any other failure is the end of the connection, which tells itself
        }
    }
}
