using System.Globalization;
using System.Text;
using Sim7600.Emulator.Commands;
using Sim7600.Emulator.Modem;
using Sim7600.Protocol.Results;
using static Sim7600.Emulator.Commands.AtParameterDefinition;

namespace Sim7600.Emulator.Families;

/// <summary>Voice calls and network services (AT command manual V3.00, call chapters; a log of SIM7600EI for dialling).</summary>
internal static class CallCommands
{
    private const string Family = "Call";
    private const string Manual = "AT command manual V3.00, chapters of calls and supplementary services";
    private const string ManualAndLog = "AT command manual V3.00; a log of SIM7600EI";
    private static readonly TimeSpan ServiceTime = TimeSpan.FromSeconds(2);

    public static CallState Declare(CommandTable table, VirtualModem modem)
    {
        var calls = new CallState(modem);
        modem.Register(calls);
        table.Add(Family, "D").From(ManualAndLog, Evidence.Confirmed).Execute(run => Dial(run, calls)).RequiresSim();
        table.Add(Family, "A").From(Manual, Evidence.Inferred).Execute(run =>
        {
            if (calls.Answer())
            {
                run.Ok();
            }
            else
            {
                run.NoCarrier();
            }
        });
        table.Add(Family, "H").From(Manual, Evidence.Documented).Execute(run =>
        {
            if (run.Invocation.Parameters.Length > 0 && !run.Invocation.Parameters.AsSpan().SequenceEqual("0"u8))
            {
                run.Error();
                return;
            }

            run.Ok();
            if (modem.Settings.Calls.GetValueOrDefault("+CVHU", [1])[0] == 0)
            {
                calls.HangUp();
            }
        });
        table.Add(Family, "+CHUP").From(ManualAndLog, Evidence.Confirmed)
            .Execute(run =>
            {
                run.Ok();
                calls.HangUp();
            })
            .Test();
        table.Add(Family, "+CLCC").From(Manual, Evidence.Documented)
            .Execute(run =>
            {
                if (calls.Phase != CallPhase.None)
                {
                    int direction = calls.Phase == CallPhase.Incoming ? 1 : 0;
                    run.Info($"+CLCC: 1,{direction},{(int)calls.Phase},0,0,\"{calls.Number}\",{(calls.Number.StartsWith('+') ? 145 : 129)}");
                }

                run.Ok();
            })
            .Read(run => GeneralCommands.Show(run, $"+CLCC: {Value("+CLCC", 0)}"))
            .Write(run => GeneralCommands.Set(run, () => modem.Settings.Calls["+CLCC"] = [run.Number(0)]), Number("n", 0, 1));
        table.Add(Family, "+CLIP").From("AT command manual V3.00; notes on a SIM7600G-H", Evidence.Confirmed)
            .Read(run => GeneralCommands.Show(run, $"+CLIP: {Value("+CLIP", 0)},1"))
            .Write(run => GeneralCommands.Set(run, () => modem.Settings.Calls["+CLIP"] = [run.Number(0)]), Number("n", 0, 1));
        table.Add(Family, "+CLIR").From(Manual, Evidence.Documented)
            .Read(run => GeneralCommands.Show(run, $"+CLIR: {Value("+CLIR", 0)},4"))
            .Write(run => GeneralCommands.Set(run, () => modem.Settings.Calls["+CLIR"] = [run.Number(0)]), Number("n", 0, 2));
        Setting("+COLP", 0, 1, 0);
        Setting("+CRC", 0, 1, 0);
        Setting("+CVHU", 0, 1, 1);
        Setting("+CLVL", 0, 5, 2);
        Setting("+CMUT", 0, 1, 0);
        table.Add(Family, "+CUSD").From(Manual, Evidence.Documented)
            .Execute(run => GeneralCommands.Set(run, () => modem.Settings.Calls["+CUSD"] = [0]))
            .Read(run => GeneralCommands.Show(run, $"+CUSD: {Value("+CUSD", 0)}"))
            .Write(run => AskService(run, modem, calls), Number("n", 0, 2), Text("str", 1, 182).Optional with { TestText = "" }, Number("dcs", 0, 255).Optional with { TestText = "" })
            .Hides(1) // **04* changes the PIN
            .RequiresSim();
        return calls;

        int Value(string name, int factory) => modem.Settings.Calls.GetValueOrDefault(name, [factory])[0];

        void Setting(string name, int minimum, int maximum, int factory) => table.Add(Family, name).From(Manual, Evidence.Documented)
            .Read(run => GeneralCommands.Show(run, $"{name}: {Value(name, factory)}"))
            .Write(run => GeneralCommands.Set(run, () => modem.Settings.Calls[name] = [run.Number(0)]), Number("n", minimum, maximum));
    }

    private static void Dial(CommandRun run, CallState calls)
    {
        string dialled = Encoding.Latin1.GetString(run.Invocation.Parameters).Trim();
        if (dialled.Length > 0 && dialled[0] is 'T' or 't' or 'P' or 'p')
        {
            dialled = dialled[1..]; // tone or pulse: nothing here makes a difference
        }

        bool isVoice = dialled.EndsWith(';');
        string number = dialled.TrimEnd(';').Trim();
        if (number.Length == 0)
        {
            run.Error();
        }
        else if (!isVoice || calls.Phase != CallPhase.None)
        {
            run.NoCarrier(); // there is no data mode yet, so a data call such as *99# cannot be made
        }
        else
        {
            run.Ok();
            calls.Dial(number);
        }
    }

    private static void AskService(CommandRun run, VirtualModem modem, CallState calls)
    {
        string? asked = run.Has(1) ? run.Text(1) : null;
        if (asked is not null && modem.Settings.CharacterSet == "UCS2")
        {
            asked = MessageForm.FromHex(asked);
            if (asked is null)
            {
                run.Error();
                return;
            }
        }

        if (asked is not null && !modem.IsRegistered)
        {
            run.CmeError(CmeError.NoNetworkService);
            return;
        }

        if (run.Number(0) < 2)
        {
            modem.Settings.Calls["+CUSD"] = [run.Number(0)];
        }

        run.Ok();
        if (asked is not null && run.Number(0) == 1)
        {
            string answer = calls.ServiceAnswers.GetValueOrDefault(asked, "Unknown service");
            string shown = modem.Settings.CharacterSet == "UCS2" ? MessageForm.Hex(answer) : answer;
            modem.After(ServiceTime, () => modem.WriteUrc(string.Create(CultureInfo.InvariantCulture, $"+CUSD: 0,\"{shown}\",15")));
        }
    }
}
