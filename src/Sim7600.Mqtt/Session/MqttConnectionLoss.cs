namespace Sim7600.Mqtt.Session;

/// <summary>How a connection to the broker ended.</summary>
/// <param name="Kind">What ended it.</param>
/// <param name="Code">The cause of <c>+CMQTTCONNLOST</c> (1 closed by the server, 2 reset, 3 network closed) or the number of <c>+CMQTTPING</c>; null otherwise.</param>
/// <param name="Description">Part of a sentence for people.</param>
public sealed record MqttConnectionLoss(MqttConnectionLossKind Kind, int? Code, string Description);
