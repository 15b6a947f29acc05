using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Telemedicine.Web.SignIn;

/// <summary>
/// The provider's discovery document and keys, read again once a day and whenever a token names an unknown key. The library's own manager reads them
/// again in the background, so that the first sign-in after a rotation would still fail.
/// </summary>
public sealed class ProviderMetadata(Uri authority, HttpClient backchannel, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    /// <summary>Nobody can make Web ask for the keys more often than this.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly string _address = authority.AbsoluteUri.TrimEnd('/') + "/.well-known/openid-configuration";
    private readonly HttpDocumentRetriever _documents = new(backchannel) { RequireHttps = !authority.IsLoopback };
    private readonly SemaphoreSlim _reading = new(1);
    private OpenIdConnectConfiguration? _current;
    private DateTimeOffset _readAt;
    private DateTimeOffset _refreshedAt = DateTimeOffset.MinValue;

    /// <exception cref="InvalidOperationException">The provider cannot be reached, or answers what is no discovery document.</exception>
    public async Task<OpenIdConnectConfiguration> GetAsync(CancellationToken cancellationToken)
    {
        if (_current is { } current && time.GetUtcNow() - _readAt < Lifetime)
            return current;
        await _reading.WaitAsync(cancellationToken);
        try
        {
            return _current is { } read && time.GetUtcNow() - _readAt < Lifetime ? read : await ReadAsync(cancellationToken);
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>Reads anew, unless that was done a moment ago.</summary>
    /// <exception cref="InvalidOperationException">As for <see cref="GetAsync"/>.</exception>
    public async Task<OpenIdConnectConfiguration> RefreshAsync(CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            var now = time.GetUtcNow();
            if (_current is { } current && now - _refreshedAt < Pause)
                return current;
            _refreshedAt = now;
            return await ReadAsync(cancellationToken);
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();

    private async Task<OpenIdConnectConfiguration> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            _current = await OpenIdConnectConfigurationRetriever.GetAsync(_address, _documents, cancellationToken);
        }
        catch (Exception e) when (e is IOException or ArgumentException or HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new InvalidOperationException("The provider's discovery document cannot be read.", e);
        }
        _readAt = time.GetUtcNow();
        return _current;
    }
}
