using MQTTnet.Packets;

namespace Sim7600.Emulator.Broker;

/// <summary>What a broker session tells the modem unasked. Called from any thread; the modem hands it to its own loop.</summary>
internal interface ISessionEvents
{
    /// <summary>A message arrived.</summary>
    void MessageReceived(byte[] topic, byte[] payload);

    /// <summary>A packet passed between modem and broker.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="toBroker">True when it goes to the broker.</param>
    void PacketPassed(MqttPacket packet, bool toBroker);

    /// <summary>The connection ended without our asking.</summary>
    /// <param name="cause">1 closed by the server, 2 reset.</param>
    void ConnectionLost(int cause);
}
