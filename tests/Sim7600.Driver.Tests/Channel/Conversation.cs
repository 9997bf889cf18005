using Sim7600.Conversations;
using Sim7600.Driver.Channel;

namespace Sim7600.Driver.Tests.Channel;

/// <summary>A channel in step with a scripted modem, on virtual time, with every log message kept.</summary>
internal sealed class Conversation : IAsyncDisposable
{
    public Conversation(bool byteByByte = false)
    {
        Modem = new ScriptedModem { ByteByByte = byteByByte };
        Options = new AtChannelOptions { TimeProvider = Time, LoggerFactory = Log };
        Channel = new AtChannel(Modem.Host, Options);
    }

    public ScriptedTime Time { get; } = new();

    public RecordedLog Log { get; } = new();

    public ScriptedModem Modem { get; }

    public AtChannelOptions Options { get; }

    public AtChannel Channel { get; }

    public static AtCommand Csq { get; } = AtCommand.Query("AT+CSQ", "+CSQ:");

    public static AtCommand Connect { get; } = new("AT+CMQTTCONNECT=0,\"tcp://b:1883\",60,1")
    {
        ResultLine = new("+CMQTTCONNECT:") { FirstParameter = 0 },
        Timeout = TimeSpan.FromSeconds(130),
    };

    public static AtCommand Topic { get; } = new("AT+CMQTTTOPIC=0,3")
    {
        Data = "a/b"u8.ToArray(),
        ResultLine = new("+CMQTTTOPIC:") { FirstParameter = 0, OnlyOnFailure = true },
    };

    /// <summary>The two questions by which the channel gets back in step.</summary>
    public async Task GetsBackInStep()
    {
        for (int round = 0; round < 2; round++)
        {
            await IsAsked("\r\n+CMEE: 2\r\n\r\nOK\r\n");
        }
    }

    /// <summary>Lets the line be quiet until the channel asks, and answers.</summary>
    public async Task IsAsked(string answer)
    {
        await Time.PassesUntil(Options.QuietTime, () => Modem.HasHeardSomething);
        await Modem.Answers("AT+CMEE?\r", answer);
    }

    /// <summary>Waits until the channel has read what the modem said so far: it reads a URC after it.</summary>
    public async Task StillBusy()
    {
        using AtUrcSubscription urcs = Channel.SubscribeUrcs();
        await Modem.Says("\r\n+CTZV: 8\r\n");
        await urcs.Reader.ReadAsync();
    }

    /// <summary>One plain command, to show that the channel works.</summary>
    public async Task StillWorks()
    {
        Task<AtReply> reply = Channel.ExecuteAsync(Csq);
        await Modem.Answers("AT+CSQ\r", "\r\n+CSQ: 21,99\r\n\r\nOK\r\n");
        Assert.That((await reply).Lines, Is.EqualTo(new[] { "+CSQ: 21,99" }));
    }

    public async ValueTask DisposeAsync()
    {
        await Channel.DisposeAsync();
        await Modem.DisposeAsync();
    }
}
