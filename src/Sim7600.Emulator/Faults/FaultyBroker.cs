using Sim7600.Emulator.Broker;

namespace Sim7600.Emulator.Faults;

/// <summary>The way from one modem to any broker, with its faults; without faults it changes nothing.</summary>
internal sealed class FaultyBroker(VirtualModem modem, IBrokerBridge bridge) : IBrokerBridge
{
    private readonly Lock _gate = new();
    private readonly List<FaultySession> _sessions = [];

    public bool AnswersAtOnce => bridge.AnswersAtOnce;

    public IBrokerSession CreateSession(ISessionEvents events)
    {
        var session = new FaultySession(modem, bridge, events, Forget);
        lock (_gate)
        {
            _sessions.Add(session);
        }

        return session;
    }

    /// <summary>True when there is a connection that carries something.</summary>
    public bool CarriesAnything => Sessions().Any(session => !session.IsBroken);

    /// <summary>All connections carry nothing any more.</summary>
    public void BreakConnections()
    {
        foreach (FaultySession session in Sessions())
        {
            session.Break();
        }
    }

    /// <summary>The server closes all connections.</summary>
    public void CloseConnections()
    {
        foreach (FaultySession session in Sessions())
        {
            session.Close();
        }
    }

    private FaultySession[] Sessions()
    {
        lock (_gate)
        {
            return [.. _sessions];
        }
    }

    private void Forget(FaultySession session)
    {
        lock (_gate)
        {
            _sessions.Remove(session);
        }
    }
}
