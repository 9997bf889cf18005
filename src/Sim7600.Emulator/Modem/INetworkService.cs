namespace Sim7600.Emulator.Modem;

/// <summary>A family that holds connections through the mobile network. All members are called on the modem's loop.</summary>
internal interface INetworkService
{
    /// <summary>Packets no longer flow: connections end, and what the modem says of it is printed.</summary>
    void NetworkLost();

    /// <summary>Everything ends without a word, as at power-off.</summary>
    void Abort();
}
