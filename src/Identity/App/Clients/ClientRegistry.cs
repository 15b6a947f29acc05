namespace Telemedicine.Identity.Clients;

/// <summary>Every application that may ask for a sign-in.</summary>
public sealed class ClientRegistry(IEnumerable<Client> clients)
{
    private readonly Dictionary<string, Client> _clients = clients.ToDictionary(client => client.Id, StringComparer.Ordinal);

    public IReadOnlyCollection<Client> All => _clients.Values;

    public Client? Find(string? id) => id is null ? null : _clients.GetValueOrDefault(id);

    /// <summary>Origins that a form on our pages may end up at after redirects: browsers apply form-action to the whole chain.</summary>
    public IEnumerable<string> RedirectOrigins() =>
        All.SelectMany(client => client.RedirectUris.Concat(client.PostLogoutRedirectUris))
            .Select(uri => new Uri(uri).GetLeftPart(UriPartial.Authority))
            .Distinct(StringComparer.Ordinal);
}
