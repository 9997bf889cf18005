using Sim7600.Emulator.Faults;

namespace Sim7600.Emulator.Tests.Faults;

/// <summary>Faults of one moment happen in the order in which they were given, on a clock that moves meanwhile too.</summary>
public sealed class SameMomentTests
{
    [Test]
    public async Task Faults_of_one_moment_keep_their_order()
    {
        await using var modem = new VirtualModem(1, new Modem.VirtualModemOptions { Boot = BootMode.None }, new ScriptedBroker());
        var printed = new System.Text.StringBuilder();
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        modem.Attach(bytes =>
        {
            if (printed.Append(System.Text.Encoding.ASCII.GetString(bytes)).ToString().Contains("X11", StringComparison.Ordinal) && printed.ToString().Split('X').Length == 13)
            {
                all.TrySetResult();
            }
        });
        for (int i = 0; i < 12; i++)
        {
            modem.Faults.Inject(new ModemUrc($"X{i}", 0), FaultTrigger.AtTime(TimeSpan.FromMilliseconds(300)));
        }

        await all.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.That(printed.ToString(), Is.EqualTo(string.Concat(Enumerable.Range(0, 12).Select(i => $"\r\nX{i}\r\n"))));
    }
}
