using Sim7600.Protocol.Results;

namespace Sim7600.Mqtt.Session;

/// <summary>Which refusals of one operation may pass by themselves, so that it is worth repeating.</summary>
/// <param name="mayBeInvalidOnce">True where 12 was seen once for a command that was accepted when it was repeated (<c>field-notes.md</c> 15).</param>
internal sealed class PassingRefusals(bool mayBeInvalidOnce)
{
    /// <summary>A byte that the line lost makes a bare <c>ERROR</c> too, of a good command or of another refusal; it does not come three times.</summary>
    private const int BareErrorsForRefusal = 3;

    private bool _mayBeInvalid = mayBeInvalidOnce;
    private int _bareErrors;

    /// <summary>Judges the next refusal; any other result does not pass.</summary>
    public bool Includes(CmqttResult result)
    {
        if (result.Code == CmqttResultCode.InvalidParameter)
        {
            bool isFirst = _mayBeInvalid;
            _mayBeInvalid = false;
            return isFirst;
        }

        return result.Code == CmqttResultCode.ClientBusy || (result == CmqttResult.Unspecified && ++_bareErrors < BareErrorsForRefusal);
    }
}
