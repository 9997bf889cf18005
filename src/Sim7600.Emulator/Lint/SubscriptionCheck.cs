using Sim7600.Emulator.Families;
using Sim7600.Protocol;

namespace Sim7600.Emulator.Lint;

/// <summary>Whether a firmware that connects again after a loss subscribes again. With clean_session 0 the broker may have kept what there was.</summary>
internal sealed class SubscriptionCheck(ModemLinter linter) : LintCheck(linter)
{
    private readonly Subscriber[] _subscribers = [.. Enumerable.Range(0, CmqttLimits.Clients).Select(_ => new Subscriber())];

    public override void CommandBegan(LintCommand command)
    {
        if (command.IsCleanUp)
        {
            foreach (Subscriber ended in _subscribers.Where((_, index) => command.Client is null || command.Client == index))
            {
                ended.IsSubscribed = false;
                if (ended.Timer is not null)
                {
                    ended.Forget(); // it was connected again, and ends that itself
                }
            }
        }
        else if (command is { IsMqtt: true, Client: { } client })
        {
            Subscriber subscriber = _subscribers[client];
            switch (command.Name)
            {
                case "+CMQTTCONNECT":
                    subscriber.IsClean = command.Arguments is [_, _, _, { Number: 1 }, ..];
                    break;
                case "+CMQTTUNSUB":
                    subscriber.IsSubscribed = false;
                    subscriber.Forget();
                    break;
                case "+CMQTTSUBTOPIC" or "+CMQTTSUB":
                    subscriber.Forget(); // whether it succeeds is for another rule
                    break;
                default:
                    break;
            }
        }
    }

    public override void Printed(string line, bool isUnsolicited)
    {
        (string name, int[] numbers) = LintWords.Numbers(line);
        if (line == "+CMQTTNONET")
        {
            Array.ForEach(_subscribers, subscriber => subscriber.Lose(line));
            return;
        }

        if (numbers is not [0 or 1, _])
        {
            return;
        }

        Subscriber told = _subscribers[numbers[0]];
        switch (name)
        {
            case "+CMQTTSUB" when numbers[1] == 0:
                told.Forget();
                told.IsSubscribed = true;
                break;
            case "+CMQTTCONNLOST" or "+CMQTTPING":
                told.Lose(line);
                break;
            case "+CMQTTCONNECT" when numbers[1] == 0 && told.IsClean && told.Loss is not null:
                told.StopTimer();
                told.Timer = Linter.Modem.AfterWhatever(Linter.Options.RecoveryTime, () => Judge(numbers[0]));
                break;
            case "+CMQTTCONNECT" when numbers[1] == 0:
                told.Forget();
                break;
            default:
                break;
        }
    }

    public override void PowerChanged(bool isOn) => ForgetAll();

    public override void HostChanged() => ForgetAll();

    public override void Disturbed() => ForgetAll();

    private void Judge(int client)
    {
        Subscriber subscriber = _subscribers[client];
        if (Linter.Modem.Cmqtt.Clients[client].Busy is not null)
        {
            // It waits for something, and cannot subscribe before that has ended.
            subscriber.Timer = Linter.Modem.AfterWhatever(Linter.Options.RecoveryTime, () => Judge(client));
            return;
        }

        string? loss = subscriber.Loss;
        subscriber.Forget();
        if (loss is not null && Linter.Modem.Cmqtt.Clients[client].State == CmqttClientState.Connected)
        {
            Linter.Find(LintRules.NoRecovery, $"After {loss} the firmware connected again with clean_session 1, which ends every subscription, and in {LintWords.Span(Linter.Options.RecoveryTime)} it did not subscribe again; before the loss it had.");
        }
    }

    private void ForgetAll()
    {
        foreach (Subscriber subscriber in _subscribers)
        {
            subscriber.IsSubscribed = false;
            subscriber.Forget();
        }
    }

    /// <summary>What one client had subscribed to is there, or was lost.</summary>
    private sealed class Subscriber
    {
        public bool IsSubscribed { get; set; }

        public bool IsClean { get; set; }

        /// <summary>The line that told the loss of a connection with subscriptions; null when there was none or they were renewed.</summary>
        public string? Loss { get; private set; }

        public IDisposable? Timer { get; set; }

        public void Lose(string line)
        {
            Loss ??= IsSubscribed ? line : null;
            IsSubscribed = false;
            StopTimer();
        }

        public void Forget()
        {
            Loss = null;
            StopTimer();
        }

        public void StopTimer()
        {
            Timer?.Dispose();
            Timer = null;
        }
    }
}
