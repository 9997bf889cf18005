using Sim7600.Emulator.Commands;
using Sim7600.Emulator.Faults;
using Sim7600.Emulator.Line;
using Sim7600.Emulator.Lint;

namespace Sim7600.Emulator;

/// <summary>Where faults take hold of the modem.</summary>
public sealed partial class VirtualModem
{
    /// <summary>Lines that end a command.</summary>
    private static readonly string[] FinalResults = ["OK", "ERROR", "NO CARRIER", "NO ANSWER", "NO DIALTONE", "BUSY"];

    private static readonly string[] FinalErrors = ["+CME ERROR:", "+CMS ERROR:"];

    /// <summary>Commands whose result line comes after <c>OK</c>.</summary>
    private static readonly string[] ResultAfterOk =
    [
        "+CMQTTCONNECT", "+CMQTTPUB", "+CMQTTSUB", "+CMQTTUNSUB", "+NETOPEN", "+NETCLOSE", "+CIPOPEN", "+CIPCLOSE", "+CCHOPEN", "+CCHCLOSE", "+HTTPACTION",
    ];

    private Action<bool>? _cable;

    /// <summary>What goes wrong with this modem, and when.</summary>
    public ModemFaults Faults { get; }

    /// <summary>The way to the broker, with its faults.</summary>
    internal FaultyBroker Broker { get; }

    /// <summary>Time since the modem was created.</summary>
    internal TimeSpan Age => _scheduler.Now;

    /// <summary>Bytes that the modem has printed in this turn, or while it was frozen, and not yet put on the line.</summary>
    internal int UnsentOutput => _output.Count;

    /// <summary>Tells when the cable is pulled (false), or is pulled already, and when it is plugged in again (true); on the modem's loop.</summary>
    internal void WatchCable(Action<bool>? watcher) => Post(() =>
    {
        _cable = watcher;
        if (Faults.Find<LineUnplug>() is not null)
        {
            watcher?.Invoke(false);
        }
    });

    /// <summary>As <see cref="AfterWhatever"/> at a moment of <see cref="Age"/>; what is due at one moment runs in the order of these calls.</summary>
    internal IDisposable AtAge(TimeSpan age, Action action) => _scheduler.At(age, action, outlivesPower: true);

    /// <summary>As <see cref="After"/>, but a reset of the modem changes nothing about it.</summary>
    internal IDisposable AfterWhatever(TimeSpan delay, Action action) => _scheduler.After(delay, action, outlivesPower: true);

    internal void PutOnLine(LineBytes bytes)
    {
        NotePrinted(bytes);
        _sink?.Invoke(bytes.Bytes);
    }

    internal void TakeFromLine(LineBytes bytes) => Accept(bytes.Bytes);

    internal void PullCable()
    {
        Faults.Line.Forget(held: true);
        _cable?.Invoke(false);
    }

    internal void PlugCable() => _cable?.Invoke(true);

    internal void ChangeNetwork(NetworkState state)
    {
        Network.State = state;
        RefreshRegistration();
    }

    private void RunUnlessFaulty(CommandRun run)
    {
        Fault? fault = Faults.CommandArrived(run);
        if (!ReferenceEquals(_running, run))
        {
            return; // a fault has taken the power
        }

        switch (fault)
        {
            case ModemLateAnswer late:
                After(late.Delay, () => Dispatch(run));
                break;
            case ModemNoAnswer:
                Lint?.AnswerWithheld();
                run.Forget();
                break;
            case ModemReply reply when reply.Delay > TimeSpan.Zero:
                After(reply.Delay, () => AnswerInstead(run, reply.Text));
                break;
            case ModemReply reply:
                AnswerInstead(run, reply.Text);
                break;
            case ModemBootBanner:
                PowerOff();
                PowerOn(Options.Boot == BootMode.None ? BootMode.Fast : Options.Boot, isSilent: false);
                break;
            default:
                AfterAnswerTime(() => Dispatch(run));
                break;
        }
    }

    /// <summary>What the modem hears of the host and says to it goes to the linter too; null without one.</summary>
    internal ModemLinter? Lint { get; }

    /// <summary>True when no command runs.</summary>
    internal bool IsReadyForCommand => _running is null;

    /// <summary>Runs what a modem does not do in no time: at once, or with a linter after the time that it asks for.</summary>
    internal void AfterAnswerTime(Action action)
    {
        if (Lint is { Options.AnswerTime: var time } && time > TimeSpan.Zero)
        {
            After(time, action);
        }
        else
        {
            action();
        }
    }

    private void AnswerInstead(CommandRun run, string text)
    {
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        int final = Array.FindIndex(lines, line => FinalResults.Contains(line) || FinalErrors.Any(each => line.StartsWith(each, StringComparison.Ordinal)));
        bool isResultAfterOk = final < 0 && ResultAfterOk.Contains(run.Invocation.Name) && lines is [{ } first, ..] && first.StartsWith(run.Invocation.Name, StringComparison.Ordinal);
        int before = isResultAfterOk ? 0 : final < 0 ? lines.Length : final;
        if (before > 0)
        {
            run.Info(lines[..before]);
        }

        if (final < 0 || lines[final] == "OK")
        {
            run.OkThen(() => WriteUrcs(lines[(final < 0 ? before : final + 1)..]));
        }
        else
        {
            WriteUrcs(lines[final..]);
            run.Forget();
        }
    }

    private void WriteUrcs(IEnumerable<string> lines)
    {
        foreach (string line in lines)
        {
            WriteUrc(line);
        }
    }

    /// <summary>Shows a prompt and begins to take data, as the faults of the moment let it.</summary>
    private void ShowPrompt(string prompt, Action begin)
    {
        if (Faults.Take<ModemMissingPrompt>() is not null)
        {
            begin();
            Lint?.Disturb();
            Lint?.Prompted("(no prompt)", _reader.IsCounting);
            Lint?.AnswerWithheld();
        }
        else if (Faults.Take<ModemLatePrompt>() is { } late)
        {
            After(late.Delay, () => Show());
        }
        else
        {
            Show();
        }

        void Show()
        {
            begin();
            Lint?.Prompted(prompt, _reader.IsCounting);
            Write(prompt);
        }
    }

    /// <summary>Takes counted data, less what a fault lets the modem miss.</summary>
    private void TakeCounted(int count, Action<byte[]?> data)
    {
        int missed = Faults.Take<ModemStarvedData>()?.Bytes ?? 0;
        if (missed > 0)
        {
            Lint?.Disturb();
        }

        _dataTaker = bytes => data(bytes?[missed..]);
        _reader.ExpectData(count + missed);
    }
}
