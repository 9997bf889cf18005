using Sim7600.Protocol.Results;

namespace Sim7600.Mqtt.Commands;

/// <summary>How one CMQTT command ended.</summary>
/// <param name="Result">The modem's number and what it means.</param>
/// <param name="Sequence">The answer's place in the order of everything received.</param>
public sealed record CmqttAnswer(CmqttResult Result, long Sequence)
{
    /// <summary>True for success.</summary>
    public bool IsSuccess => Result.IsSuccess;
}
