using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Telemedicine.Clinical.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Carers : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "OnBehalfOf",
                table: "AuditEvents",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "RelatedPersons",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    PracticeId = table.Column<Guid>(type: "TEXT", nullable: false),
                    PatientId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    Relationship = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    Email = table.Column<string>(type: "TEXT", maxLength: 254, nullable: false),
                    Rights = table.Column<int>(type: "INTEGER", maxLength: 32, nullable: false),
                    GrantedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    Until = table.Column<DateTime>(type: "TEXT", nullable: false),
                    AnswerUntil = table.Column<DateTime>(type: "TEXT", nullable: false),
                    CodeHash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    Status = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    Subject = table.Column<string>(type: "TEXT", maxLength: 255, nullable: true),
                    AnsweredAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    WithdrawnAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_RelatedPersons", x => x.Id);
                    table.ForeignKey(
                        name: "FK_RelatedPersons_Patients_PatientId",
                        column: x => x.PatientId,
                        principalTable: "Patients",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_RelatedPersons_Practices_PracticeId",
                        column: x => x.PracticeId,
                        principalTable: "Practices",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_CallQuality_At",
                table: "CallQuality",
                column: "At");

            migrationBuilder.CreateIndex(
                name: "IX_AuditEvents_OnBehalfOf_Id",
                table: "AuditEvents",
                columns: new[] { "OnBehalfOf", "Id" },
                filter: "[OnBehalfOf] IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_RelatedPersons_CodeHash",
                table: "RelatedPersons",
                column: "CodeHash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_RelatedPersons_PatientId_GrantedAt",
                table: "RelatedPersons",
                columns: new[] { "PatientId", "GrantedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_RelatedPersons_PracticeId",
                table: "RelatedPersons",
                column: "PracticeId");

            migrationBuilder.CreateIndex(
                name: "IX_RelatedPersons_Subject",
                table: "RelatedPersons",
                column: "Subject");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "RelatedPersons");

            migrationBuilder.DropIndex(
                name: "IX_CallQuality_At",
                table: "CallQuality");

            migrationBuilder.DropIndex(
                name: "IX_AuditEvents_OnBehalfOf_Id",
                table: "AuditEvents");

            migrationBuilder.DropColumn(
                name: "OnBehalfOf",
                table: "AuditEvents");
        }
    }
}
