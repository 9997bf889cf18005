using Sim7600.Emulator.Commands;
using Sim7600.Protocol.Results;

namespace Sim7600.Emulator.Families;

/// <summary>What one CMQTT command does in one state: it runs, or it is refused with a code or with a bare <c>ERROR</c>.</summary>
/// <param name="Kind">Which of these.</param>
/// <param name="Code">The code of a refusal.</param>
/// <param name="Evidence">How sure that is.</param>
internal readonly record struct CmqttCell(CmqttCellKind Kind, CmqttResultCode Code, Evidence Evidence)
{
    public static CmqttCell Runs(Evidence evidence) => new(CmqttCellKind.Runs, CmqttResultCode.Success, evidence);

    /// <summary>Answers <c>OK</c> without doing anything.</summary>
    public static CmqttCell OkOnly(Evidence evidence) => new(CmqttCellKind.OkOnly, CmqttResultCode.Success, evidence);

    public static CmqttCell Refused(CmqttResultCode code, Evidence evidence) => new(CmqttCellKind.Refused, code, evidence);

    public static CmqttCell BareError(Evidence evidence) => new(CmqttCellKind.BareError, CmqttResultCode.Failure, evidence);
}
