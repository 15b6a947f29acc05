using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Telemedicine.Signalling.Contracts;

namespace Telemedicine.Signalling.Tickets;

/// <summary>Reads a join ticket (RFC 7519 JWT, RFC 7515 HS256) and believes it only if Web signed it, for us, just now.</summary>
public sealed class TicketReader
{
    /// <summary>How far Web's clock may be from ours.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(10);

    /// <summary>A ticket is about 700 characters long.</summary>
    public const int MaxLength = 4096;

    private const int MaxNameLength = 200;

    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = MaxLength };
    private readonly TokenValidationParameters _parameters;
    private readonly TimeProvider _time;

    public TicketReader(SignallingSettings settings, TimeProvider time)
    {
        _time = time;
        _parameters = new TokenValidationParameters
        {
            ValidTypes = [TicketClaims.Type],
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            ValidIssuer = TicketClaims.Issuer,
            ValidAudience = TicketClaims.Audience,
            IssuerSigningKeys = settings.Keys.Select(key => new SymmetricSecurityKey(Convert.FromBase64String(key.Secret)) { KeyId = key.Id }).ToList(),
            TryAllIssuerSigningKeys = false,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            LifetimeValidator = (_, _, token, _) => token is JsonWebToken jwt && IsNow(jwt),
        };
    }

    /// <summary>The ticket and the moment it expires, or why there is none.</summary>
    public async Task<(Ticket? Ticket, DateTimeOffset Expires, TicketRefusal? Refusal)> ReadAsync(string token)
    {
        if (token.Length > MaxLength || !_handler.CanReadToken(token))
            return (null, default, TicketRefusal.Malformed);
        var result = await _handler.ValidateTokenAsync(token, _parameters);
        if (!result.IsValid || result.SecurityToken is not JsonWebToken jwt)
            return (null, default, result.Exception is SecurityTokenInvalidLifetimeException ? TicketRefusal.NotNow : TicketRefusal.NotFromWeb);
        return ReadClaims(jwt) is { } ticket ? (ticket, jwt.ValidTo, null) : (null, default, TicketRefusal.Claims);
    }

    private bool IsNow(JsonWebToken token)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        return token.IssuedAt > DateTime.MinValue
            && token.IssuedAt <= now + ClockSkew
            && token.ValidTo > now - ClockSkew
            && token.ValidTo - token.IssuedAt <= TicketClaims.Lifetime;
    }

    private static Ticket? ReadClaims(JsonWebToken token)
    {
        if (!Guid.TryParseExact(token.Id, "D", out var id)
            || !Guid.TryParseExact(token.Subject, "D", out var participant)
            || !token.TryGetPayloadValue<string>(JwtRegisteredClaimNames.Name, out var name) || name is not { Length: > 0 and <= MaxNameLength }
            || !token.TryGetPayloadValue<string>(TicketClaims.Role, out var roleName) || ReadRole(roleName) is not { } role
            || !token.TryGetPayloadValue<string>(TicketClaims.Clinic, out var clinicText) || !ClinicId.TryParse(clinicText, null, out var clinic))
            return null;

        ConsultationId? consultation = null;
        if (token.TryGetPayloadValue<string>(TicketClaims.Consultation, out var consultationText) && consultationText is not null)
        {
            if (!ConsultationId.TryParse(consultationText, null, out var known))
                return null;
            consultation = known;
        }
        SignInId? signIn = null;
        if (token.TryGetPayloadValue<string>(TicketClaims.SignIn, out var signInText) && signInText is not null)
        {
            if (!Guid.TryParseExact(signInText, "D", out var known))
                return null;
            signIn = new SignInId(known);
        }
        token.TryGetPayloadValue<bool>(TicketClaims.Admitted, out var admitted);
        var room = RoomDecisions.None;
        if (token.TryGetPayloadValue<string>(TicketClaims.Room, out var roomText) && roomText is not null)
        {
            if (ReadRoom(roomText) is not { } known)
                return null;
            room = known;
        }
        token.TryGetPayloadValue<bool>(TicketClaims.ChatKept, out var chatKept);
        token.TryGetPayloadValue<bool>(TicketClaims.Telephone, out var telephone);
        return new Ticket(id, new ParticipantId(participant), name, role, clinic, consultation, admitted, signIn, chatKept, telephone) { Room = room };
    }

    private static RoomDecisions? ReadRoom(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, ContractsJson.Default.RoomDecisions) is { Removed: not null } known ? known : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ParticipantRole? ReadRole(string? name) => name switch
    {
        "patient" => ParticipantRole.Patient,
        "clinician" => ParticipantRole.Clinician,
        "staff" => ParticipantRole.Staff,
        "administrator" => ParticipantRole.Administrator,
        "carer" => ParticipantRole.Carer,
        "guest" => ParticipantRole.Guest,
        "check" => ParticipantRole.Check,
        _ => null,
    };
}
