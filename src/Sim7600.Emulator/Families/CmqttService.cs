using System.Collections.Concurrent;
using Sim7600.Emulator.Broker;
using Sim7600.Protocol;

namespace Sim7600.Emulator.Families;

/// <summary>The modem's MQTT service: started or stopped, with its two clients. All members run on the modem's loop.</summary>
internal sealed class CmqttService : IAsyncDisposable
{
    /// <summary>Cause of <c>+CMQTTCONNLOST</c>: the network is closed (<c>cmqtt.md</c> 7).</summary>
    public const int NetworkClosed = 3;

    private readonly VirtualModem _modem;
    private readonly ConcurrentDictionary<Task, bool> _closing = new();

    public CmqttService(VirtualModem modem, IBrokerBridge bridge)
    {
        _modem = modem;
        Clients = [.. Enumerable.Range(0, CmqttLimits.Clients).Select(index => new CmqttClient(modem, bridge, index))];
    }

    public bool IsStarted { get; private set; }

    public IReadOnlyList<CmqttClient> Clients { get; }

    public bool HasAcquiredClient => Clients.Any(client => client.State != CmqttClientState.Free);

    public void Start() => IsStarted = true;

    public void Stop() => IsStarted = false;

    /// <summary>
    /// Packets no longer flow: one loss per connected client, then NONET; the service must be started again. What the
    /// clients keep is not known from any log; here they are free again (inferred).
    /// </summary>
    public void NetworkLost()
    {
        if (!IsStarted)
        {
            return;
        }

        foreach (CmqttClient client in Clients)
        {
            client.ConnectionLost(NetworkClosed);
        }

        _modem.WriteUrc("+CMQTTNONET");
        Abort();
    }

    /// <summary>Ends everything without a word, as losing the power does.</summary>
    public void Abort()
    {
        IsStarted = false;
        foreach (CmqttClient client in Clients)
        {
            client.Release();
        }
    }

    /// <summary>Closes a session beside the loop; <see cref="DisposeAsync"/> waits for it.</summary>
    public void Dispose(IBrokerSession session)
    {
        Task closing = Task.Run(async () =>
        {
            try
            {
                await session.DisposeAsync().ConfigureAwait(false);
            }
            catch (Exception error)
            {
                CmqttLog.CloseFault(_modem.Log, error);
            }
        });
        _closing.TryAdd(closing, true);
        _ = closing.ContinueWith(done => _closing.TryRemove(done, out _), TaskScheduler.Default);
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(_closing.Keys).ConfigureAwait(false);
}
