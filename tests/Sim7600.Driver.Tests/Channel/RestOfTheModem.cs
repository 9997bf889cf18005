using System.Text;

namespace Sim7600.Driver.Tests.Channel;

/// <summary>
/// A modem just clever enough for the cancellation test: it says what is left of its answer, counts the three data bytes that its prompt
/// asks for, and answers the question and the query, while virtual time runs.
/// </summary>
internal sealed class RestOfTheModem : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    /// <summary>Goes on.</summary>
    /// <param name="talk">The conversation.</param>
    /// <param name="beforeData">What is left to say up to the prompt.</param>
    /// <param name="afterData">What is left to say once the data has come.</param>
    /// <param name="dataLeft">How many data bytes are still to come, whether they were prompted for already or not.</param>
    public RestOfTheModem(Conversation talk, string beforeData, string afterData, int dataLeft) =>
        _running = Task.Run(() => RunAsync(talk, beforeData, afterData, dataLeft));

    /// <summary>What came as data.</summary>
    public string Data { get; private set; } = "";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync(Conversation talk, string beforeData, string afterData, int dataLeft)
    {
        await talk.Modem.Says(beforeData);
        if (dataLeft == 0)
        {
            await talk.Modem.Says(afterData);
        }

        var line = new StringBuilder();
        while (!_stop.IsCancellationRequested)
        {
            foreach (char received in talk.Modem.TakeWhatCame())
            {
                if (dataLeft > 0)
                {
                    Data += received;
                    if (--dataLeft == 0)
                    {
                        await talk.Modem.Says(afterData);
                    }
                }
                else if (received != '\r')
                {
                    line.Append(received);
                }
                else
                {
                    await talk.Modem.Says(line.ToString() switch
                    {
                        "AT+CMEE?" => "\r\n+CMEE: 2\r\n\r\nOK\r\n",
                        "AT+CSQ" => "\r\n+CSQ: 2,99\r\n\r\nOK\r\n",
                        "" => "",
                        _ => "\r\nERROR\r\n",
                    });
                    line.Clear();
                }
            }

            await Task.Delay(1, CancellationToken.None);
            talk.Time.Advance(TimeSpan.FromMilliseconds(20));
        }
    }
}
