using Sim7600.Conversations;
using Sim7600.Driver.Channel;

namespace Sim7600.Driver.Tests.Channel;

/// <summary>A channel on a modem that counts, on virtual time.</summary>
internal sealed class CountingTalk : IAsyncDisposable
{
    public CountingTalk()
    {
        Options = new AtChannelOptions { TimeProvider = Time, LoggerFactory = Log };
        Channel = new AtChannel(Modem.Host, Options);
    }

    public ScriptedTime Time { get; } = new();

    public RecordedLog Log { get; } = new();

    public CountingModem Modem { get; } = new();

    public AtChannelOptions Options { get; }

    public AtChannel Channel { get; }

    public static AtCommand Payload(string data) => new($"AT+CMQTTPAYLOAD=0,{data.Length}")
    {
        Data = System.Text.Encoding.Latin1.GetBytes(data),
        ResultLine = new("+CMQTTPAYLOAD:") { FirstParameter = 0, OnlyOnFailure = true },
    };

    public static AtCommand Numbered(int number) => AtCommand.Query($"AT+ID{number}", "+ID:");

    public async Task<AtReply> Runs(Task<AtReply> reply)
    {
        await Time.RunsUntil(reply, () => Modem.Activity, TimeSpan.FromMilliseconds(100));
        return await reply;
    }

    public async ValueTask DisposeAsync()
    {
        await Channel.DisposeAsync();
        await Modem.DisposeAsync();
    }
}
