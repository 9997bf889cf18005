using Sim7600.Emulator.Commands;
using static Sim7600.Emulator.Families.CmqttCell;
using static Sim7600.Protocol.Results.CmqttResultCode;

namespace Sim7600.Emulator.Families;

/// <summary>
/// Which CMQTT command is answered how in which state, as data. The handlers ask this table and nothing else, the table in
/// docs/commands.md is printed from it, and each cell says how sure it is.
/// </summary>
internal sealed class CmqttStateTable
{
    /// <summary>Names of the rows that are no plain command name.</summary>
    public const string SubscribeDirectly = "+CMQTTSUB (direct)";
    public const string UnsubscribeDirectly = "+CMQTTUNSUB (direct)";

    private const Evidence C = Evidence.Confirmed;
    private const Evidence D = Evidence.Documented;
    private const Evidence One = Evidence.OneSource;
    private const Evidence Sib = Evidence.Sibling;
    private const Evidence I = Evidence.Inferred;
    private readonly Dictionary<string, CmqttCell[]> _rows = new(StringComparer.Ordinal);

    /// <summary>The table of a firmware profile.</summary>
    public CmqttStateTable(FirmwareProfile profile)
    {
        //              service stopped                      not acquired                    acquired                         connected                            busy
        Row("+CMQTTSTART", Runs(C), Refused(NetworkOpened, C), Refused(NetworkOpened, C), Refused(NetworkOpened, C), Refused(NetworkOpened, I));
        CmqttCell held = Refused(profile.StopWithClientHeld, profile.StopWithClientHeld == ClientNotReleased ? C : Sib);
        Row("+CMQTTSTOP", Refused(NetworkNotOpened, C), Runs(C), held, held with { Evidence = I }, held with { Evidence = I });
        CmqttCell used = profile.SecondAcquireIsBareError ? BareError(Sib) : Refused(ClientUsed, C);
        Row("+CMQTTACCQ", Refused(NetworkNotOpened, I), Runs(C), used, used, used with { Evidence = I });
        Row("+CMQTTACCQ?", Runs(I), Runs(D), Runs(D), Runs(D), Runs(D));
        Row(
            "+CMQTTREL",
            Refused(ClientNotAcquired, I),
            profile.ReleaseOfFreeClientIsOk ? OkOnly(C) : Refused(ClientNotAcquired, Sib),
            Runs(C),
            Refused(ClientBusy, I),
            Refused(ClientBusy, Sib));
        Row("+CMQTTSSLCFG", BareError(I), Runs(C), Runs(C), Runs(I), Runs(I));
        Row("+CMQTTSSLCFG?", Runs(D), Runs(D), Runs(D), Runs(D), Runs(D));
        foreach (string will in new[] { "+CMQTTWILLTOPIC", "+CMQTTWILLMSG" })
        {
            Row(will, Refused(ClientNotAcquired, I), Refused(ClientNotAcquired, I), Runs(C), Refused(OperationNotSupported, I), Refused(ClientBusy, I));
        }

        Row("+CMQTTCONNECT", Refused(ClientNotAcquired, I), Refused(ClientNotAcquired, I), Runs(C), Refused(OperationNotSupported, One), Refused(ClientBusy, I));
        Row("+CMQTTCONNECT?", Runs(I), Runs(C), Runs(C), Runs(C), Runs(C));
        Row("+CMQTTDISC", Refused(NoConnection, I), Refused(NoConnection, I), Refused(NoConnection, One), Runs(C), Refused(ClientBusy, I));
        Row("+CMQTTDISC?", BareError(One), Runs(D), Runs(D), Runs(C), Runs(I));
        Row("+CMQTTTOPIC", Refused(NoConnection, I), Refused(NoConnection, I), Refused(NoConnection, C), Runs(C), Refused(ClientBusy, C));
        Row("+CMQTTPAYLOAD", Refused(NoConnection, I), Refused(NoConnection, I), Refused(NoConnection, I), Runs(C), Refused(ClientBusy, I));
        Row("+CMQTTPUB", Refused(NoConnection, I), Refused(NoConnection, I), Refused(NoConnection, I), Runs(C), Refused(ClientBusy, C));
        CmqttCell subscribeTopic = profile.HasSubscribeTopic ? Runs(C) : BareError(Sib);
        Row("+CMQTTSUBTOPIC", Refused(NoConnection, I), Refused(NoConnection, I), Refused(NoConnection, I), subscribeTopic, Refused(ClientBusy, One));
        Row("+CMQTTSUB", Refused(NoConnection, I), Refused(NoConnection, I), Refused(NoConnection, C), Runs(C), Refused(ClientBusy, One));
        Row(SubscribeDirectly, Refused(NoConnection, I), Refused(NoConnection, I), Refused(NoConnection, I), Runs(C), Refused(ClientBusy, I));
        foreach (string unsubscribe in new[] { "+CMQTTUNSUBTOPIC", "+CMQTTUNSUB", UnsubscribeDirectly })
        {
            Row(unsubscribe, Refused(NoConnection, I), Refused(NoConnection, I), Refused(NoConnection, I), Runs(D), Refused(ClientBusy, I));
        }

        Row("+CMQTTCFG", BareError(I), Refused(ClientNotAcquired, I), Runs(D), Refused(OperationNotSupported, I), Refused(ClientBusy, I));
        Row("+CMQTTCFG?", Runs(I), Runs(D), Runs(D), Runs(D), Runs(D));
    }

    /// <summary>The rows in the order of the table.</summary>
    public IEnumerable<string> Commands => _rows.Keys;

    /// <summary>What a command does in a state.</summary>
    /// <param name="command">A row's name: the command, with <c>?</c> for its read form.</param>
    /// <param name="state">The state.</param>
    public CmqttCell this[string command, CmqttState state] => _rows[command][(int)state];

    private void Row(string command, params CmqttCell[] cells) => _rows.Add(command, cells);
}
