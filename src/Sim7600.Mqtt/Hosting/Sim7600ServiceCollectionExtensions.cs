using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sim7600.Mqtt;
using Sim7600.Mqtt.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds modems with their MQTT clients to a host.</summary>
public static class Sim7600ServiceCollectionExtensions
{
    /// <summary>
    /// Adds one modem and its MQTT client: <see cref="ISim7600Mqtt"/> to inject, started and stopped by the host. Options are checked when the host
    /// starts; what is wrong ends the start with an <see cref="OptionsValidationException"/> that names the keys. Logger factory and
    /// <see cref="TimeProvider"/> are the container's.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options; after other calls for the same modem it changes what they have set.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddSim7600(this IServiceCollection services, Action<Sim7600HostOptions> configure) =>
        services.AddSim7600(Options.Options.DefaultName, configure);

    /// <summary>Adds one modem and its MQTT client with the options of a section, for example <c>configuration.GetSection("Sim7600")</c>. A key that is none is refused.</summary>
    /// <param name="services">The services.</param>
    /// <param name="section">The section.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddSim7600(this IServiceCollection services, IConfiguration section) =>
        services.AddSim7600(Options.Options.DefaultName, section);

    /// <summary>Adds one of several modems; inject it with <c>[FromKeyedServices("name")] ISim7600Mqtt</c>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">Its name.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddSim7600(this IServiceCollection services, string name, Action<Sim7600HostOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddService(name, section: "");
        services.Configure(name, configure);
        return services;
    }

    /// <summary>Adds one of several modems with the options of a section; inject it with <c>[FromKeyedServices("name")] ISim7600Mqtt</c>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="name">Its name.</param>
    /// <param name="section">The section.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddSim7600(this IServiceCollection services, string name, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(section);
        services.AddService(name, (section as IConfigurationSection)?.Path ?? "");
        services.Configure<Sim7600HostOptions>(name, options => Bind(section, name, options));
        return services;
    }

    /// <summary>Adds the health check of a modem and its MQTT client: healthy while connected, degraded while it is being connected or recovered, else the failure status.</summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="modem">The name under which the modem was added; null for the one without.</param>
    /// <param name="name">The name of the check.</param>
    /// <param name="failureStatus">What it is when only a person can help; null for unhealthy.</param>
    /// <param name="tags">The check's tags.</param>
    /// <returns>The health checks.</returns>
    public static IHealthChecksBuilder AddSim7600(
        this IHealthChecksBuilder builder,
        string? modem = null,
        string name = "sim7600",
        Diagnostics.HealthChecks.HealthStatus? failureStatus = null,
        IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Add(new Diagnostics.HealthChecks.HealthCheckRegistration(
            name, provider => new Sim7600HealthCheck(provider.GetRequiredKeyedService<Sim7600MqttService>(modem ?? Options.Options.DefaultName)), failureStatus, tags));
    }

    // Strict, because a key with a typing error would be ignored, and so would an entry of a list that cannot be read.
    private static void Bind(IConfiguration section, string name, Sim7600HostOptions options)
    {
        try
        {
            section.Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
        }
        catch (InvalidOperationException error)
        {
            // The innermost of its kind names the key. Only values of numbers, times and choices are shown: a text is never refused here.
            Exception cause = error;
            while (cause.InnerException is InvalidOperationException inner)
            {
                cause = inner;
            }

            throw new OptionsValidationException(name, typeof(Sim7600HostOptions), [$"{(section as IConfigurationSection)?.Path}: {cause.Message}"]);
        }
    }

    private static void AddService(this IServiceCollection services, string name, string section)
    {
        bool isKnown = services.Any(service => service.ServiceType == typeof(Sim7600MqttService) && name.Equals(service.ServiceKey));
        if (isKnown)
        {
            return;
        }

        services.AddOptions<Sim7600HostOptions>(name).ValidateOnStart();
        services.AddSingleton<IValidateOptions<Sim7600HostOptions>>(new Sim7600HostOptionsValidation(name, section));
        services.TryAddSingleton(TimeProvider.System);
        services.AddKeyedSingleton(name, (provider, _) => new Sim7600MqttService(
            name,
            provider.GetRequiredService<IOptionsMonitor<Sim7600HostOptions>>(),
            provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance,
            provider.GetRequiredService<TimeProvider>()));
        services.AddKeyedSingleton<ISim7600Mqtt>(name, (provider, _) => provider.GetRequiredKeyedService<Sim7600MqttService>(name));
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredKeyedService<Sim7600MqttService>(name));
        if (name == Options.Options.DefaultName)
        {
            services.AddSingleton<ISim7600Mqtt>(provider => provider.GetRequiredKeyedService<Sim7600MqttService>(name));
        }
    }
}
