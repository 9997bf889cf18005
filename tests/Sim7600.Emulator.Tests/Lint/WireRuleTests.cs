using Sim7600.Emulator.Faults;
using Sim7600.Emulator.Lint;

namespace Sim7600.Emulator.Tests.Lint;

/// <summary>Who speaks when, and how many bytes: for each rule a conversation that breaks it and ones that only come near.</summary>
[Parallelizable(ParallelScope.All)]
public class WireRuleTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Test]
    public async Task A_firmware_that_does_everything_right_breaks_nothing()
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        await bench.SayAsync("AT+CMQTTSUB=0,9,1\r\n", "\r\n>");
        await bench.SayAsync("node/cmd1", "\r\nOK\r\n\r\n+CMQTTSUB: 0,0\r\n");
        await bench.PublishAsync();
        await bench.PublishAsync(payload: "AT+CMQTTPUB=0,1,60");
        await bench.SayAsync("AT+CMQTTDISC=0,60\r", "\r\nOK\r\n\r\n+CMQTTDISC: 0,0\r\n");
        await bench.SayAsync("AT+CMQTTREL=0\r", "\r\nOK\r\n");
        await bench.TypeAsync("AT+CMQTTSTOP\r");
        Assert.That(await bench.FoundAsync(), Is.Empty);
        Assert.That(bench.Lint.Commands, Is.EqualTo(14));
    }

    [Test]
    public async Task The_last_line_again_after_data_is_no_surplus()
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        await bench.SayAsync("AT+CMQTTTOPIC=0,3\r", "\r\n>");
        await bench.SayAsync("a/b", "\r\nOK\r\n");
        await bench.SayAsync("A/", "\r\n>");
        await bench.SayAsync("a/c", "\r\nOK\r\n");
        Assert.That(await bench.FoundAsync(), Is.Empty);
        await bench.SayAsync("AT\r", "\r\nOK\r\n");
    }

    [Test]
    public async Task A_restarted_host_whose_first_words_fill_a_count_announced_nothing()
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        await bench.SayAsync("AT+CMQTTTOPIC=0,9\r", "\r\n>");
        await bench.TypeAsync("a/b/c");
        for (int i = 0; i < 3; i++)
        {
            await bench.PassAsync(TimeSpan.FromSeconds(1.5));
            await bench.TypeAsync("AT\r");
        }

        Assert.That(await bench.FoundAsync(), Is.Empty);
    }

    [Test]
    public async Task Zeros_behind_a_pause_are_data()
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        await bench.SayAsync("AT+CMQTTTOPIC=0,3\r", "\r\n>");
        await bench.SayAsync("a/b", "\r\nOK\r\n");
        await bench.SayAsync("AT+CMQTTPAYLOAD=0,20\r", "\r\n>");
        await bench.TypeAsync("0123456789");
        await bench.PassAsync(TimeSpan.FromSeconds(2.2));
        await bench.SayAsync(new string('\0', 10), "\r\nOK\r\n");
        Assert.That(await bench.FoundAsync(), Is.Empty);
    }

    [Test]
    public async Task Commands_that_became_a_topic_are_not_quoted()
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        await bench.SayAsync("AT+CMQTTSUBTOPIC=0,45,1\r", "\r\n>");
        await bench.TypeAsync("a/b");
        await bench.PassAsync(Second);
        await bench.TypeAsync("AT+CPIN=4711\rAT+CMQTTPAYLOAD=0,20\rsecret-payload\r");
        Assert.That(await bench.FoundAsync(), Does.Contain("wrong-length"));
        Assert.That(bench.Lint.ToJson(), Does.Not.Contain("4711").And.Not.Contain("secret-p"));
    }

    [Test]
    public async Task Data_in_the_same_breath_as_its_command_came_before_the_prompt()
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        await bench.TypeAsync("AT+CMQTTTOPIC=0,5\rnode1");
        Assert.That(await bench.FoundAsync(), Is.EqualTo("data-before-prompt"));
    }

    [Test]
    public async Task Data_that_comes_while_the_modem_takes_its_time_came_before_the_prompt()
    {
        await using ModemBench bench = LintBench.Create(answerTime: TimeSpan.FromMilliseconds(10));
        Assert.That(await bench.TypeAsync("AT+CCERTDOWN=\"ca.pem\",5\r"), Is.Empty);
        await bench.TypeAsync("h");
        Assert.That(await bench.PassAsync(TimeSpan.FromMilliseconds(10)), Is.EqualTo("\r\n>"));
        await bench.TypeAsync("ello");
        Assert.That(await bench.FoundAsync(), Is.EqualTo("data-before-prompt"));
        LintFinding finding = bench.First(LintRules.DataBeforePrompt);
        Assert.That(finding.Text, Is.EqualTo("The data for AT+CCERTDOWN came 0 ms after it; the modem had not printed its prompt yet."));
        Assert.That(finding.Exchange.Select(line => line.Text), Is.EqualTo(new[] { "AT+CCERTDOWN=\"ca.pem\",5", ">", "(5 bytes)" }));
        Assert.That(finding.Exchange.Select(line => line.IsFromHost), Is.EqualTo(new[] { true, false, true }));
        Assert.That(finding.Time, Is.EqualTo(TimeSpan.FromMilliseconds(10)));
    }

    [TestCase("\n", TestName = "The LF of CR LF is no data")]
    [TestCase("", TestName = "Data after the prompt is in time")]
    public async Task Data_after_the_prompt_is_in_time(string late)
    {
        await using ModemBench bench = LintBench.Create(answerTime: TimeSpan.FromMilliseconds(10));
        await bench.TypeAsync($"AT\r{late}");
        await bench.TypeAsync("AT+CCERTDOWN=\"ca.pem\",5\r");
        await bench.TypeAsync(late);
        Assert.That(await bench.PassAsync(TimeSpan.FromMilliseconds(10)), Is.EqualTo("\r\n>"));
        await bench.SayAsync("hello", "\r\nOK\r\n");
        Assert.That(await bench.FoundAsync(), Is.Empty);
    }

    [Test]
    public async Task Data_for_a_command_that_was_refused_came_before_the_prompt()
    {
        await using ModemBench bench = LintBench.Create();
        await bench.SayAsync("AT+CMQTTTOPIC=0,5\rnode1AT\r", "\r\n+CMQTTTOPIC: 0,11\r\n\r\nERROR\r\n\r\nERROR\r\n");
        Assert.That(await bench.FoundAsync(), Is.EqualTo("data-before-prompt"));
    }

    [Test]
    public async Task Who_waited_for_a_late_prompt_may_fill_up_what_it_owes()
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        bench.Inject(new ModemLatePrompt(TimeSpan.FromSeconds(9)), "AT+CMQTTTOPIC");
        await bench.TypeAsync("AT+CMQTTTOPIC=0,5\r");
        await bench.LiveAsync(TimeSpan.FromSeconds(6), Second);
        await bench.TypeAsync("     \r");
        await bench.LiveAsync(TimeSpan.FromSeconds(4), Second);
        await bench.TypeAsync("AT+CMEE?\r");
        Assert.That(await bench.FoundAsync(), Is.Empty);
    }

    [Test]
    public async Task Blanks_that_make_up_the_count_show_a_wrong_length()
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        await bench.SayAsync("AT+CMQTTTOPIC=0,7\r", "\r\n>");
        await bench.TypeAsync("node1");
        await bench.LiveAsync(TimeSpan.FromSeconds(5), Second);
        await bench.TypeAsync("     \r");
        Assert.That(await bench.FoundAsync(), Is.EqualTo("wrong-length"));
        Assert.That(bench.First(LintRules.WrongLength).Text, Is.EqualTo("AT+CMQTTTOPIC announced 7 bytes; 5 came, and 5 s later 2 blanks to make up the count."));
    }

    [Test]
    public async Task The_next_command_in_the_data_shows_a_wrong_length()
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        await bench.SayAsync("AT+CMQTTTOPIC=0,40\r", "\r\n>");
        await bench.TypeAsync("node1");
        await bench.LiveAsync(Second, Second);
        await bench.TypeAsync("AT+CMQTTPAYLOAD=0,5\rhello and more of it");
        Assert.That(await bench.FoundAsync(), Does.StartWith("wrong-length"));
    }

    [TestCase("AT+CMQTTPUB=0,1,60", "", "")]
    [TestCase("AT+CSQ=1\r\n+CSQ: 3,99\r\nOK\r\n", "", "", Description = "a log of a modem")]
    [TestCase("12.5\r\n", "", "", Description = "a line end that is meant")]
    [TestCase("AT+CMQTTP", "UB=0,1,60\r", "wrong-length")]
    [TestCase("AT+", "CMQTTPUB=0,1,60\r", "wrong-length")]
    [TestCase("AT", "+CMQTTPUB=0,1,60\r", "wrong-length")]
    [TestCase("A", "T+CMQTTPUB=0,1,60\r", "wrong-length")]
    [TestCase("A", "T\r", "", Description = "a restarted host")]
    [TestCase("AT", "E0\r", "", Description = "a restarted host")]
    [TestCase("AT+", "CMEE?\r", "", Description = "a restarted host")]
    public async Task What_looks_like_a_command_behind_a_pause_may_be_data(string data, string surplus, string found)
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        await bench.SayAsync("AT+CMQTTTOPIC=0,3\r", "\r\n>");
        await bench.SayAsync("a/b", "\r\nOK\r\n");
        await bench.SayAsync($"AT+CMQTTPAYLOAD=0,{4 + data.Length}\r", "\r\n>");
        await bench.TypeAsync("help");
        await bench.PassAsync(Second);
        await bench.TypeAsync(data + surplus);
        await bench.PassAsync(Second);
        await bench.TypeAsync("AT+CMQTTPUB=0,1,60\r");
        Assert.That(await bench.FoundAsync(), Is.EqualTo(found));
    }

    [Test]
    public Task What_a_host_says_that_has_given_up_is_no_data(
        [Values(1.5, 6)] double seconds, [Values("AT", "ATE0", "AT+CMEE?")] string question, [Values(3, 4, 40)] int length, [Values] bool lateAnswer) =>
        GiveUpAsync(seconds, question, length, lateAnswer);

    [Test]
    public Task A_whole_question_is_known_sooner([Values] bool lateAnswer) => GiveUpAsync(0.5, "AT", 12, lateAnswer);

    private static async Task GiveUpAsync(double seconds, string question, int length, bool lateAnswer)
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        await bench.SayAsync("AT+CMQTTTOPIC=0,3\r", "\r\n>");
        await bench.SayAsync("a/b", "\r\nOK\r\n");
        bench.Inject(lateAnswer ? new ModemLateAnswer(TimeSpan.FromSeconds(13)) : new ModemLatePrompt(TimeSpan.FromSeconds(13)), "AT+CMQTTPAYLOAD");
        await bench.TypeAsync($"AT+CMQTTPAYLOAD=0,{length}\r");
        for (int i = 0; i < 5; i++)
        {
            await bench.PassAsync(TimeSpan.FromSeconds(seconds));
            await bench.TypeAsync($"{question}\r");
        }

        await bench.PassAsync(TimeSpan.FromSeconds(20));
        Assert.That(await bench.FoundAsync(), Is.Empty);
    }

    [Test]
    public async Task Data_that_ends_early_shows_a_wrong_length_when_nothing_follows()
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        await bench.SayAsync("AT+CMQTTTOPIC=0,7\r", "\r\n>");
        await bench.TypeAsync("node1");
        await bench.LiveAsync(TimeSpan.FromSeconds(29), Second);
        Assert.That(await bench.FoundAsync(), Is.Empty);
        await bench.LiveAsync(TimeSpan.FromSeconds(11), Second);
        Assert.That(await bench.FoundAsync(), Is.EqualTo("wrong-length"));
    }

    [TestCase("node1 and more\rAT\r", TestName = "More than was announced, as a line of its own")]
    [TestCase("node1!!AT+CMQTTPAYLOAD=0,5\r", TestName = "More than was announced, before the next command")]
    public async Task More_data_than_announced_shows_a_wrong_length(string typed)
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        await bench.SayAsync("AT+CMQTTTOPIC=0,5\r", "\r\n>");
        await bench.TypeAsync(typed[..5]);
        await bench.TypeAsync(typed[5..]);
        Assert.That(await bench.FoundAsync(), Is.EqualTo("wrong-length"));
    }

    [Test]
    public async Task A_head_that_the_data_swallowed_shows_a_wrong_length()
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        await bench.SayAsync("AT+CMQTTTOPIC=0,7\r", "\r\n>");
        await bench.TypeAsync("node1AT+CMQTTPAYLOAD=0,5\r");
        Assert.That(await bench.FoundAsync(), Is.EqualTo("wrong-length"));
    }

    [TestCase("node1\r\n", TestName = "A line end after the data is harmless")]
    [TestCase("node1\u001a\r", TestName = "Ctrl-Z after the data is harmless")]
    [TestCase("AT+CM", TestName = "Data that looks like a command is data")]
    public async Task What_comes_with_the_data_may_be_harmless(string typed)
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        await bench.SayAsync("AT+CMQTTTOPIC=0,5\r", "\r\n>");
        await bench.SayAsync(typed, "\r\nOK\r\n");
        await bench.SayAsync("AT+CMQTTPAYLOAD=0,5\r", "\r\n>");
        await bench.LiveAsync(TimeSpan.FromSeconds(3), Second);
        await bench.TypeAsync("hel");
        await bench.LiveAsync(TimeSpan.FromSeconds(3), Second);
        await bench.SayAsync("lo", "\r\nOK\r\n");
        Assert.That(await bench.FoundAsync(), Is.Empty);
    }

    [Test]
    public async Task A_host_that_finds_a_modem_waiting_for_data_did_not_announce_it()
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        await bench.SayAsync("AT+CMQTTTOPIC=0,40\r", "\r\n>");
        await bench.TypeAsync("node1");
        await bench.LiveAsync(Second, Second);
        bench.Modem.Attach(null);
        await bench.TypeAsync("AT\rAT+CMQTTSTART\rAT\rATQ0V1E0S0=0\r");
        Assert.That(await bench.FoundAsync(), Is.Empty);
    }

    [Test]
    public async Task What_a_fault_does_to_the_data_is_not_the_firmwares()
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        bench.Inject(new ModemStarvedData(2), "AT+CMQTTTOPIC");
        await bench.SayAsync("AT+CMQTTTOPIC=0,5\r", "\r\n>");
        await bench.TypeAsync("node1");
        await bench.LiveAsync(TimeSpan.FromSeconds(5), Second);
        await bench.TypeAsync("     \r");
        Assert.That(await bench.FoundAsync(), Is.Empty);
    }

    [Test]
    public async Task Two_lines_in_one_breath_do_not_wait_for_the_final_result()
    {
        await using ModemBench bench = LintBench.Create();
        await bench.TypeAsync("AT+CSQ\rAT+CEREG?\r");
        Assert.That(await bench.FoundAsync(), Is.EqualTo("command-before-final-result"));
        Assert.That(bench.First(LintRules.CommandBeforeFinalResult).Text, Is.EqualTo("0 ms after AT+CSQ the next command came; the modem had not answered yet."));
    }

    [Test]
    public async Task The_next_command_instead_of_data_does_not_wait_for_the_final_result()
    {
        await using ModemBench bench = await LintBench.ConnectedAsync();
        bench.Inject(new ModemLateAnswer(TimeSpan.FromMilliseconds(300)), "AT+CMQTTTOPIC");
        await bench.TypeAsync("AT+CMQTTTOPIC=0,5\r");
        await bench.LiveAsync(TimeSpan.FromMilliseconds(20));
        await bench.TypeAsync("AT+CMQTTPAYLOAD=0,5\r");
        await bench.LiveAsync(Second);
        Assert.That(await bench.FoundAsync(), Is.EqualTo("command-before-final-result"));
    }

    [TestCase("AT\r", 0.3, TestName = "AT asks whether it is there")]
    [TestCase("AT+CMEE?\r", 2, TestName = "A question after a while")]
    [TestCase("AT+CMQTTDISC=0,60\r", 30, TestName = "Who has given up goes on")]
    public async Task Who_has_waited_may_ask(string typed, double after)
    {
        await using ModemBench bench = LintBench.Create();
        bench.Inject(new ModemLateAnswer(TimeSpan.FromSeconds(40)), "AT+CSQ");
        await bench.TypeAsync("AT+CSQ\r");
        await bench.PassAsync(TimeSpan.FromSeconds(after));
        await bench.TypeAsync(typed);
        await bench.PassAsync(TimeSpan.FromSeconds(60));
        Assert.That(await bench.FoundAsync(), Is.Empty);
    }

    [Test]
    public async Task A_command_that_gets_no_answer_at_all_must_be_waited_for_too()
    {
        await using ModemBench bench = LintBench.Create();
        bench.Inject(new ModemNoAnswer(), "AT+CSQ");
        await bench.TypeAsync("AT+CSQ\r");
        await bench.PassAsync(TimeSpan.FromSeconds(2));
        await bench.TypeAsync("AT+CMQTTSTOP\r");
        Assert.That(await bench.FoundAsync(), Is.EqualTo("command-before-final-result"));
    }

    [Test]
    public async Task A_byte_that_ends_dialling_is_meant_to()
    {
        await using ModemBench bench = LintBench.Create();
        await bench.TypeAsync("AT+COPS=?\r");
        await bench.TypeAsync("AT+CSQ\r");
        await bench.PassAsync(TimeSpan.FromSeconds(60));
        Assert.That(await bench.FoundAsync(), Is.Empty);
    }

    [Test]
    public async Task A_modem_that_hangs_is_asked_again()
    {
        await using ModemBench bench = LintBench.Create();
        bench.Modem.Faults.Inject(new ModemFreeze(), new FaultTrigger { Duration = TimeSpan.FromSeconds(5) });
        await bench.TypeAsync("AT+CSQ\rAT+CSQ\r");
        await bench.PassAsync(TimeSpan.FromSeconds(5));
        Assert.That(await bench.FoundAsync(), Is.Empty);
    }

    [Test]
    public async Task What_queues_up_behind_the_silences_of_a_line_was_not_sent_together()
    {
        await using ModemBench bench = LintBench.Create();
        bench.Modem.Faults.Inject(new LineChunk(1, Second, LineDirection.ToModem), new FaultTrigger { Duration = TimeSpan.FromSeconds(5) });
        await bench.TypeAsync(new string('\r', 100)); // one a second
        for (int second = 0; second < 110; second++)
        {
            await bench.PassAsync(Second);
            if (second % 10 == 0 && second < 90)
            {
                await bench.TypeAsync("AT+CSQ\r");
            }
        }

        Assert.That(await bench.FoundAsync(), Is.Empty);
        Assert.That(bench.Lint.Commands, Is.EqualTo(9));
        await bench.TypeAsync("AT+CSQ\rAT+CSQ\r");
        Assert.That(await bench.FoundAsync(), Is.EqualTo("command-before-final-result"), "it listens again");
    }

    [TestCase(559, false)]
    [TestCase(560, true)]
    public async Task A_line_has_room_for_559_characters(int length, bool isTooLong)
    {
        await using ModemBench bench = LintBench.Create();
        await bench.TypeAsync($"AT+{new string('X', length - 1)}\r");
        Assert.That(await bench.FoundAsync(), Is.EqualTo(isTooLong ? "command-line-too-long" : ""));
    }
}
