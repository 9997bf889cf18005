using Sim7600.Conversations;
using Sim7600.Driver;
using Sim7600.Driver.Channel;

namespace Sim7600.Mqtt.Tests;

/// <summary>A connected client on a modem that counts, on virtual time.</summary>
internal sealed class CountingSession : IAsyncDisposable
{
    private CountingSession(bool echoes)
    {
        Peer = new CountingModem { Echoes = echoes };
        Options = new Sim7600ModemOptions { Channel = new AtChannelOptions { TimeProvider = Time, LoggerFactory = Log } };
    }

    public CountingModem Peer { get; }

    public ScriptedTime Time { get; } = new();

    public RecordedLog Log { get; } = new();

    public Sim7600ModemOptions Options { get; }

    public Sim7600Modem Modem { get; private set; } = null!;

    public Sim7600MqttClient Client { get; private set; } = null!;

    public static async Task<CountingSession> Connected(bool echoes)
    {
        CountingSession session = await Opened(echoes);
        session.Client = await session.Runs(session.Modem.ConnectMqttAsync(Talk.Plain));
        return session;
    }

    public static async Task<CountingSession> Opened(bool echoes)
    {
        var session = new CountingSession(echoes);
        session.Modem = await session.Runs(Sim7600Modem.OpenAsync(session.Peer.Host, session.Options));
        return session;
    }

    public Task<T> Runs<T>(Task<T> task) => Runs(task, TimeSpan.FromMilliseconds(100));

    public async Task<T> Runs<T>(Task<T> task, TimeSpan step)
    {
        await Time.RunsUntil(task, () => Peer.Activity, step);
        return await task;
    }

    public async ValueTask DisposeAsync()
    {
        Peer.IsMute = false;
        Task closing = Modem.DisposeAsync().AsTask();
        await Time.RunsUntil(closing, () => Peer.Activity, TimeSpan.FromMilliseconds(100));
        await closing;
        await Peer.DisposeAsync();
    }
}
