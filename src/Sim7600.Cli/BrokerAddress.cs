namespace Sim7600.Cli;

/// <summary>The address of a broker on the command line.</summary>
internal static class BrokerAddress
{
    private static readonly string[] Schemes = ["mqtt", "mqtts"];

    /// <summary>Reads what <c>--broker</c> says. What could be a password is never shown.</summary>
    /// <param name="text"><c>mqtt://host[:port]</c> or <c>mqtts://host[:port]</c>.</param>
    /// <param name="expected">What the option takes, for the message.</param>
    /// <param name="credentials">Where user name and password go instead, for the message.</param>
    /// <exception cref="UsageException">It is something else.</exception>
    public static Uri Parse(string text, string expected, string credentials)
    {
        if (text.Contains('@', StringComparison.Ordinal))
        {
            throw new UsageException($"--broker takes no user name and no password: {credentials}.");
        }

        return Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && Schemes.Contains(address.Scheme) && address.Host.Length > 0 && address.Port != 0
            && address.PathAndQuery.Trim('/').Length == 0 && address.Fragment.Length == 0
            ? address
            : throw new UsageException($"--broker takes {expected}, not '{text}'.");
    }
}
