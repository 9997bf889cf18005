namespace Sim7600.Emulator.Broker;

/// <summary>What a broker session tells the modem unasked. Called from any thread; the modem hands it to its own loop.</summary>
internal interface ISessionEvents
{
    /// <summary>A message arrived.</summary>
    void MessageReceived(byte[] topic, byte[] payload);

    /// <summary>The connection ended without our asking.</summary>
    /// <param name="cause">1 closed by the server, 2 reset.</param>
    void ConnectionLost(int cause);
}
