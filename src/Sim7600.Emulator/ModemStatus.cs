namespace Sim7600.Emulator;

/// <summary>A picture of one modem at one moment.</summary>
/// <param name="Number">The modem's number, from 1.</param>
/// <param name="IsOn">False while it is off or booting silently.</param>
/// <param name="Registration">Registration as <c>+CREG</c> numbers it: 0 not searching, 1 home, 2 searching, 3 denied, 5 roaming.</param>
/// <param name="Csq">The network's signal, 0..31 or 99.</param>
/// <param name="MqttStarted">True after a successful <c>AT+CMQTTSTART</c>.</param>
/// <param name="MqttClients">The two MQTT clients in words: <c>free</c>, or the client id with <c>acquired</c> or <c>connected</c>.</param>
/// <param name="BytesReceived">Bytes that came from the host.</param>
/// <param name="BytesPrinted">Bytes that went to the host.</param>
/// <param name="LastCommand">The name of the last command, without its parameters.</param>
public sealed record ModemStatus(
    int Number,
    bool IsOn,
    int Registration,
    int Csq,
    bool MqttStarted,
    IReadOnlyList<string> MqttClients,
    long BytesReceived,
    long BytesPrinted,
    string LastCommand);
