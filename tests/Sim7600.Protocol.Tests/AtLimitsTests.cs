namespace Sim7600.Protocol.Tests;

public sealed class AtLimitsTests
{
    // AT command manual V3.00, chapter 1: 559 characters after "AT", or 39 commands, in one line; more and nothing of it is run.
    [TestCase(AtLimits.CommandLine, 559)]
    [TestCase(AtLimits.CommandsInLine, 39)]
    // Field sessions: nothing is answered for 10 s and more after power-on; drivers wait 12.
    [TestCase(AtLimits.BootSeconds, 12)]
    public void A_limit_is_what_its_source_says(int limit, int source) => Assert.That(limit, Is.EqualTo(source));
}
