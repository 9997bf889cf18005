namespace Sim7600.Driver;

/// <summary>The modem refused a setting of an SSL context that is needed.</summary>
public sealed class SslSettingRefusedException : AtException
{
    internal SslSettingRefusedException(string key, AtErrorException refusal)
        : base($"{refusal.Command} was refused ({refusal.Result.Text}): {Advice(key)}", refusal.Command, wasWritten: true, refusal) => Key = key;

    /// <summary>The setting, for example <c>enableSNI</c>.</summary>
    public string Key { get; }

    private static string Advice(string key) => key switch
    {
        "enableSNI" => "this firmware cannot name the server in the handshake (SNI). Update it, or switch server name indication off "
            + "when the server does not need it; brokers in a cloud mostly do.",
        "keypwd" => "this firmware cannot use an encrypted key. Update it, or give the key without a password.",
        "cacert" or "clientcert" or "clientkey" => "the file may be missing from the modem's store. AT+CCERTLIST shows what is there.",
        _ => "this firmware may not know the setting or the value. AT+CSSLCFG=? shows what it takes.",
    };
}
