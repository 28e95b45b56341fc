// Made from functions/openapi/ by scripts/docs.ts.
export const openApi: unknown = {
 "openapi": "3.1.1",
 "info": {
  "title": "Percall",
  "version": "0.1.0",
  "description": "Models as pay-per-call services. docs/http.md has the words to it, docs/errors.md the codes of refusals.",
  "license": {
   "name": "Apache-2.0",
   "identifier": "Apache-2.0"
  }
 },
 "servers": [
  {
   "url": "/"
  }
 ],
 "paths": {
  "/v2": {
   "get": {
    "operationId": "get_v2",
    "summary": "Name, version and extensions of the server.",
    "tags": [
     "inference"
    ],
    "x-percall-access": "key",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "RateLimit-Policy": {
        "$ref": "#/components/headers/RateLimit-Policy"
       },
       "RateLimit": {
        "$ref": "#/components/headers/RateLimit"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/metadata_server_response"
        }
       }
      }
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_MANY_REQUESTS, the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/v2/health/live": {
   "get": {
    "operationId": "get_v2_health_live",
    "summary": "Whether the service answers.",
    "tags": [
     "inference"
    ],
    "x-percall-access": "public",
    "security": [],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "live": {
           "type": "boolean"
          },
          "ready": {
           "type": "boolean"
          }
         },
         "required": [
          "live",
          "ready"
         ],
         "additionalProperties": false
        }
       }
      }
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/v2/health/ready": {
   "get": {
    "operationId": "get_v2_health_ready",
    "summary": "Whether the service answers.",
    "tags": [
     "inference"
    ],
    "x-percall-access": "public",
    "security": [],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "live": {
           "type": "boolean"
          },
          "ready": {
           "type": "boolean"
          }
         },
         "required": [
          "live",
          "ready"
         ],
         "additionalProperties": false
        }
       }
      }
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/v2/models": {
   "get": {
    "operationId": "get_v2_models",
    "summary": "Names of the models that the key may call.",
    "tags": [
     "inference"
    ],
    "x-percall-access": "key",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/header.Accept-Encoding"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "RateLimit-Policy": {
        "$ref": "#/components/headers/RateLimit-Policy"
       },
       "RateLimit": {
        "$ref": "#/components/headers/RateLimit"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "models": {
           "type": "array",
           "items": {
            "type": "string"
           }
          }
         },
         "required": [
          "models"
         ],
         "additionalProperties": false
        }
       }
      }
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_MANY_REQUESTS, the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/v2/repository/index": {
   "post": {
    "operationId": "post_v2_repository_index",
    "summary": "Every version of the models that the key may call.",
    "tags": [
     "inference"
    ],
    "x-percall-access": "key",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/header.Content-Encoding"
     },
     {
      "$ref": "#/components/parameters/header.Accept-Encoding"
     }
    ],
    "requestBody": {
     "required": false,
     "content": {
      "application/json": {
       "schema": {
        "type": "object",
        "properties": {
         "ready": {
          "type": "boolean"
         }
        }
       }
      }
     }
    },
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "RateLimit-Policy": {
        "$ref": "#/components/headers/RateLimit-Policy"
       },
       "RateLimit": {
        "$ref": "#/components/headers/RateLimit"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/repository_index_response"
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_JSON, BAD_REQUEST"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE"
     },
     "413": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_LARGE, the gateway: larger than the gateway takes"
     },
     "415": {
      "$ref": "#/components/responses/Problem",
      "description": "WRONG_MEDIA_TYPE"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_MANY_REQUESTS, the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/v2/models/{model}": {
   "get": {
    "operationId": "get_v2_models_model",
    "summary": "Inputs, outputs and versions of a model.",
    "tags": [
     "inference"
    ],
    "x-percall-access": "key",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/model"
     },
     {
      "$ref": "#/components/parameters/header.Accept-Encoding"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "RateLimit-Policy": {
        "$ref": "#/components/headers/RateLimit-Policy"
       },
       "RateLimit": {
        "$ref": "#/components/headers/RateLimit"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/metadata_model_response"
        }
       }
      }
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, NOT_GRANTED"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_MODEL, UNKNOWN_ALIAS, UNKNOWN_VERSION"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_MANY_REQUESTS, the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/v2/models/{model}/ready": {
   "get": {
    "operationId": "get_v2_models_model_ready",
    "summary": "Whether a model can be called.",
    "tags": [
     "inference"
    ],
    "x-percall-access": "key",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/model"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "RateLimit-Policy": {
        "$ref": "#/components/headers/RateLimit-Policy"
       },
       "RateLimit": {
        "$ref": "#/components/headers/RateLimit"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "name": {
           "type": "string"
          },
          "ready": {
           "type": "boolean",
           "const": true
          }
         },
         "required": [
          "name",
          "ready"
         ],
         "additionalProperties": false
        }
       }
      }
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, NOT_GRANTED"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_MODEL, UNKNOWN_ALIAS, UNKNOWN_VERSION"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_MANY_REQUESTS, the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/v2/models/{model}/infer": {
   "post": {
    "operationId": "post_v2_models_model_infer",
    "summary": "Calls a model by tensors, in JSON or in bytes behind the JSON.",
    "tags": [
     "inference"
    ],
    "x-percall-access": "key",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/model"
     },
     {
      "$ref": "#/components/parameters/header.Idempotency-Key"
     },
     {
      "$ref": "#/components/parameters/header.Prefer"
     },
     {
      "$ref": "#/components/parameters/header.Content-Encoding"
     },
     {
      "$ref": "#/components/parameters/header.Accept-Encoding"
     },
     {
      "$ref": "#/components/parameters/header.Inference-Header-Content-Length"
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/inference_request"
       }
      },
      "application/octet-stream": {},
      "text/plain": {
       "schema": {
        "type": "string"
       }
      }
     }
    },
    "responses": {
     "200": {
      "description": "The outputs; with bytes where they were asked for.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "Percall-Version": {
        "$ref": "#/components/headers/Percall-Version"
       },
       "Percall-Units": {
        "$ref": "#/components/headers/Percall-Units"
       },
       "Percall-Cost": {
        "$ref": "#/components/headers/Percall-Cost"
       },
       "Percall-Cold": {
        "$ref": "#/components/headers/Percall-Cold"
       },
       "Percall-Balance": {
        "$ref": "#/components/headers/Percall-Balance"
       },
       "Percall-Cap-Used": {
        "$ref": "#/components/headers/Percall-Cap-Used"
       },
       "Server-Timing": {
        "$ref": "#/components/headers/Server-Timing"
       },
       "Idempotent-Replayed": {
        "$ref": "#/components/headers/Idempotent-Replayed"
       },
       "Percall-Original-Request-Id": {
        "$ref": "#/components/headers/Percall-Original-Request-Id"
       },
       "Inference-Header-Content-Length": {
        "$ref": "#/components/headers/Inference-Header-Content-Length"
       },
       "Preference-Applied": {
        "$ref": "#/components/headers/Preference-Applied"
       },
       "RateLimit-Policy": {
        "$ref": "#/components/headers/RateLimit-Policy"
       },
       "RateLimit": {
        "$ref": "#/components/headers/RateLimit"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/inference_response"
        }
       },
       "application/octet-stream": {}
      }
     },
     "202": {
      "description": "Accepted under `Prefer: respond-async`; ask for it at its Location.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "Location": {
        "$ref": "#/components/headers/Location"
       },
       "Retry-After": {
        "$ref": "#/components/headers/Retry-After"
       },
       "Preference-Applied": {
        "$ref": "#/components/headers/Preference-Applied"
       },
       "Idempotent-Replayed": {
        "$ref": "#/components/headers/Idempotent-Replayed"
       },
       "Percall-Original-Request-Id": {
        "$ref": "#/components/headers/Percall-Original-Request-Id"
       },
       "RateLimit-Policy": {
        "$ref": "#/components/headers/RateLimit-Policy"
       },
       "RateLimit": {
        "$ref": "#/components/headers/RateLimit"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Call"
        }
       }
      }
     },
     "303": {
      "description": "Answered within `wait`, or before under its key, and too large for the gateway in a coding that the caller accepts: the answer is at its Location.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "Location": {
        "$ref": "#/components/headers/Location"
       },
       "Preference-Applied": {
        "$ref": "#/components/headers/Preference-Applied"
       },
       "Percall-Version": {
        "$ref": "#/components/headers/Percall-Version"
       },
       "Percall-Units": {
        "$ref": "#/components/headers/Percall-Units"
       },
       "Percall-Cost": {
        "$ref": "#/components/headers/Percall-Cost"
       },
       "Percall-Cold": {
        "$ref": "#/components/headers/Percall-Cold"
       },
       "Percall-Balance": {
        "$ref": "#/components/headers/Percall-Balance"
       },
       "Percall-Cap-Used": {
        "$ref": "#/components/headers/Percall-Cap-Used"
       },
       "Server-Timing": {
        "$ref": "#/components/headers/Server-Timing"
       },
       "Idempotent-Replayed": {
        "$ref": "#/components/headers/Idempotent-Replayed"
       },
       "Percall-Original-Request-Id": {
        "$ref": "#/components/headers/Percall-Original-Request-Id"
       },
       "RateLimit-Policy": {
        "$ref": "#/components/headers/RateLimit-Policy"
       },
       "RateLimit": {
        "$ref": "#/components/headers/RateLimit"
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_JSON, BAD_REQUEST, BAD_DATATYPE, BAD_VALUE, SHAPE_MISMATCH, UNKNOWN_INPUT, MISSING_INPUT, INFERENCE_REFUSED, OUT_OF_MEMORY, UNKNOWN_OUTPUT"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "402": {
      "$ref": "#/components/responses/Problem",
      "description": "PAYMENT_REQUIRED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OUT_OF_SCOPE, NOT_GRANTED"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_MODEL, UNKNOWN_ALIAS, UNKNOWN_VERSION, UNKNOWN_UPLOAD"
     },
     "409": {
      "$ref": "#/components/responses/Problem",
      "description": "CONFLICT"
     },
     "410": {
      "$ref": "#/components/responses/Problem",
      "description": "ANSWER_GONE"
     },
     "413": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_LARGE, the gateway: larger than the gateway takes"
     },
     "415": {
      "$ref": "#/components/responses/Problem",
      "description": "WRONG_MEDIA_TYPE"
     },
     "422": {
      "$ref": "#/components/responses/Problem",
      "description": "IDEMPOTENCY_KEY_REUSED"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_MANY_REQUESTS, LEDGER_BUSY, the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "501": {
      "$ref": "#/components/responses/Problem",
      "description": "OUTPUT_NOT_EXPRESSIBLE"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, OUTCOME_UNKNOWN, the gateway: the service is being overrun, or did not answer within 30 s"
     },
     "504": {
      "$ref": "#/components/responses/Problem",
      "description": "INFERENCE_TIMEOUT"
     }
    }
   }
  },
  "/v2/models/{model}/versions/{version}": {
   "get": {
    "operationId": "get_v2_models_model_versions_version",
    "summary": "Inputs, outputs and versions of a model.",
    "tags": [
     "inference"
    ],
    "x-percall-access": "key",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/model"
     },
     {
      "$ref": "#/components/parameters/version"
     },
     {
      "$ref": "#/components/parameters/header.Accept-Encoding"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "RateLimit-Policy": {
        "$ref": "#/components/headers/RateLimit-Policy"
       },
       "RateLimit": {
        "$ref": "#/components/headers/RateLimit"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/metadata_model_response"
        }
       }
      }
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, NOT_GRANTED"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_MODEL, UNKNOWN_ALIAS, UNKNOWN_VERSION"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_MANY_REQUESTS, the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/v2/models/{model}/versions/{version}/ready": {
   "get": {
    "operationId": "get_v2_models_model_versions_version_ready",
    "summary": "Whether a model can be called.",
    "tags": [
     "inference"
    ],
    "x-percall-access": "key",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/model"
     },
     {
      "$ref": "#/components/parameters/version"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "RateLimit-Policy": {
        "$ref": "#/components/headers/RateLimit-Policy"
       },
       "RateLimit": {
        "$ref": "#/components/headers/RateLimit"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "name": {
           "type": "string"
          },
          "ready": {
           "type": "boolean",
           "const": true
          }
         },
         "required": [
          "name",
          "ready"
         ],
         "additionalProperties": false
        }
       }
      }
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, NOT_GRANTED"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_MODEL, UNKNOWN_ALIAS, UNKNOWN_VERSION"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_MANY_REQUESTS, the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/v2/models/{model}/versions/{version}/infer": {
   "post": {
    "operationId": "post_v2_models_model_versions_version_infer",
    "summary": "Calls a model by tensors, in JSON or in bytes behind the JSON.",
    "tags": [
     "inference"
    ],
    "x-percall-access": "key",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/model"
     },
     {
      "$ref": "#/components/parameters/version"
     },
     {
      "$ref": "#/components/parameters/header.Idempotency-Key"
     },
     {
      "$ref": "#/components/parameters/header.Prefer"
     },
     {
      "$ref": "#/components/parameters/header.Content-Encoding"
     },
     {
      "$ref": "#/components/parameters/header.Accept-Encoding"
     },
     {
      "$ref": "#/components/parameters/header.Inference-Header-Content-Length"
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/inference_request"
       }
      },
      "application/octet-stream": {},
      "text/plain": {
       "schema": {
        "type": "string"
       }
      }
     }
    },
    "responses": {
     "200": {
      "description": "The outputs; with bytes where they were asked for.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "Percall-Version": {
        "$ref": "#/components/headers/Percall-Version"
       },
       "Percall-Units": {
        "$ref": "#/components/headers/Percall-Units"
       },
       "Percall-Cost": {
        "$ref": "#/components/headers/Percall-Cost"
       },
       "Percall-Cold": {
        "$ref": "#/components/headers/Percall-Cold"
       },
       "Percall-Balance": {
        "$ref": "#/components/headers/Percall-Balance"
       },
       "Percall-Cap-Used": {
        "$ref": "#/components/headers/Percall-Cap-Used"
       },
       "Server-Timing": {
        "$ref": "#/components/headers/Server-Timing"
       },
       "Idempotent-Replayed": {
        "$ref": "#/components/headers/Idempotent-Replayed"
       },
       "Percall-Original-Request-Id": {
        "$ref": "#/components/headers/Percall-Original-Request-Id"
       },
       "Inference-Header-Content-Length": {
        "$ref": "#/components/headers/Inference-Header-Content-Length"
       },
       "Preference-Applied": {
        "$ref": "#/components/headers/Preference-Applied"
       },
       "RateLimit-Policy": {
        "$ref": "#/components/headers/RateLimit-Policy"
       },
       "RateLimit": {
        "$ref": "#/components/headers/RateLimit"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/inference_response"
        }
       },
       "application/octet-stream": {}
      }
     },
     "202": {
      "description": "Accepted under `Prefer: respond-async`; ask for it at its Location.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "Location": {
        "$ref": "#/components/headers/Location"
       },
       "Retry-After": {
        "$ref": "#/components/headers/Retry-After"
       },
       "Preference-Applied": {
        "$ref": "#/components/headers/Preference-Applied"
       },
       "Idempotent-Replayed": {
        "$ref": "#/components/headers/Idempotent-Replayed"
       },
       "Percall-Original-Request-Id": {
        "$ref": "#/components/headers/Percall-Original-Request-Id"
       },
       "RateLimit-Policy": {
        "$ref": "#/components/headers/RateLimit-Policy"
       },
       "RateLimit": {
        "$ref": "#/components/headers/RateLimit"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Call"
        }
       }
      }
     },
     "303": {
      "description": "Answered within `wait`, or before under its key, and too large for the gateway in a coding that the caller accepts: the answer is at its Location.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "Location": {
        "$ref": "#/components/headers/Location"
       },
       "Preference-Applied": {
        "$ref": "#/components/headers/Preference-Applied"
       },
       "Percall-Version": {
        "$ref": "#/components/headers/Percall-Version"
       },
       "Percall-Units": {
        "$ref": "#/components/headers/Percall-Units"
       },
       "Percall-Cost": {
        "$ref": "#/components/headers/Percall-Cost"
       },
       "Percall-Cold": {
        "$ref": "#/components/headers/Percall-Cold"
       },
       "Percall-Balance": {
        "$ref": "#/components/headers/Percall-Balance"
       },
       "Percall-Cap-Used": {
        "$ref": "#/components/headers/Percall-Cap-Used"
       },
       "Server-Timing": {
        "$ref": "#/components/headers/Server-Timing"
       },
       "Idempotent-Replayed": {
        "$ref": "#/components/headers/Idempotent-Replayed"
       },
       "Percall-Original-Request-Id": {
        "$ref": "#/components/headers/Percall-Original-Request-Id"
       },
       "RateLimit-Policy": {
        "$ref": "#/components/headers/RateLimit-Policy"
       },
       "RateLimit": {
        "$ref": "#/components/headers/RateLimit"
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_JSON, BAD_REQUEST, BAD_DATATYPE, BAD_VALUE, SHAPE_MISMATCH, UNKNOWN_INPUT, MISSING_INPUT, INFERENCE_REFUSED, OUT_OF_MEMORY, UNKNOWN_OUTPUT"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "402": {
      "$ref": "#/components/responses/Problem",
      "description": "PAYMENT_REQUIRED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OUT_OF_SCOPE, NOT_GRANTED"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_MODEL, UNKNOWN_ALIAS, UNKNOWN_VERSION, UNKNOWN_UPLOAD"
     },
     "409": {
      "$ref": "#/components/responses/Problem",
      "description": "CONFLICT"
     },
     "410": {
      "$ref": "#/components/responses/Problem",
      "description": "ANSWER_GONE"
     },
     "413": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_LARGE, the gateway: larger than the gateway takes"
     },
     "415": {
      "$ref": "#/components/responses/Problem",
      "description": "WRONG_MEDIA_TYPE"
     },
     "422": {
      "$ref": "#/components/responses/Problem",
      "description": "IDEMPOTENCY_KEY_REUSED"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_MANY_REQUESTS, LEDGER_BUSY, the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "501": {
      "$ref": "#/components/responses/Problem",
      "description": "OUTPUT_NOT_EXPRESSIBLE"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, OUTCOME_UNKNOWN, the gateway: the service is being overrun, or did not answer within 30 s"
     },
     "504": {
      "$ref": "#/components/responses/Problem",
      "description": "INFERENCE_TIMEOUT"
     }
    }
   }
  },
  "/v1/models/{model}:predict": {
   "post": {
    "operationId": "post_v1_models_model_predict",
    "summary": "Calls a model by rows, in JSON or CSV.",
    "tags": [
     "rows"
    ],
    "x-percall-access": "key",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/model"
     },
     {
      "$ref": "#/components/parameters/query.unknown"
     },
     {
      "$ref": "#/components/parameters/header.Idempotency-Key"
     },
     {
      "$ref": "#/components/parameters/header.Prefer"
     },
     {
      "$ref": "#/components/parameters/header.Content-Encoding"
     },
     {
      "$ref": "#/components/parameters/header.Accept-Encoding"
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/Instances"
       }
      },
      "text/csv": {
       "schema": {
        "type": "string"
       }
      },
      "text/plain": {
       "schema": {
        "type": "string"
       }
      }
     }
    },
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "Percall-Version": {
        "$ref": "#/components/headers/Percall-Version"
       },
       "Percall-Units": {
        "$ref": "#/components/headers/Percall-Units"
       },
       "Percall-Cost": {
        "$ref": "#/components/headers/Percall-Cost"
       },
       "Percall-Cold": {
        "$ref": "#/components/headers/Percall-Cold"
       },
       "Percall-Balance": {
        "$ref": "#/components/headers/Percall-Balance"
       },
       "Percall-Cap-Used": {
        "$ref": "#/components/headers/Percall-Cap-Used"
       },
       "Server-Timing": {
        "$ref": "#/components/headers/Server-Timing"
       },
       "Idempotent-Replayed": {
        "$ref": "#/components/headers/Idempotent-Replayed"
       },
       "Percall-Original-Request-Id": {
        "$ref": "#/components/headers/Percall-Original-Request-Id"
       },
       "Inference-Header-Content-Length": {
        "$ref": "#/components/headers/Inference-Header-Content-Length"
       },
       "Preference-Applied": {
        "$ref": "#/components/headers/Preference-Applied"
       },
       "RateLimit-Policy": {
        "$ref": "#/components/headers/RateLimit-Policy"
       },
       "RateLimit": {
        "$ref": "#/components/headers/RateLimit"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Predictions"
        }
       },
       "text/csv": {
        "schema": {
         "type": "string"
        }
       }
      }
     },
     "202": {
      "description": "Accepted under `Prefer: respond-async`; ask for it at its Location.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "Location": {
        "$ref": "#/components/headers/Location"
       },
       "Retry-After": {
        "$ref": "#/components/headers/Retry-After"
       },
       "Preference-Applied": {
        "$ref": "#/components/headers/Preference-Applied"
       },
       "Idempotent-Replayed": {
        "$ref": "#/components/headers/Idempotent-Replayed"
       },
       "Percall-Original-Request-Id": {
        "$ref": "#/components/headers/Percall-Original-Request-Id"
       },
       "RateLimit-Policy": {
        "$ref": "#/components/headers/RateLimit-Policy"
       },
       "RateLimit": {
        "$ref": "#/components/headers/RateLimit"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Call"
        }
       }
      }
     },
     "303": {
      "description": "Answered within `wait`, or before under its key, and too large for the gateway in a coding that the caller accepts: the answer is at its Location.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "Location": {
        "$ref": "#/components/headers/Location"
       },
       "Preference-Applied": {
        "$ref": "#/components/headers/Preference-Applied"
       },
       "Percall-Version": {
        "$ref": "#/components/headers/Percall-Version"
       },
       "Percall-Units": {
        "$ref": "#/components/headers/Percall-Units"
       },
       "Percall-Cost": {
        "$ref": "#/components/headers/Percall-Cost"
       },
       "Percall-Cold": {
        "$ref": "#/components/headers/Percall-Cold"
       },
       "Percall-Balance": {
        "$ref": "#/components/headers/Percall-Balance"
       },
       "Percall-Cap-Used": {
        "$ref": "#/components/headers/Percall-Cap-Used"
       },
       "Server-Timing": {
        "$ref": "#/components/headers/Server-Timing"
       },
       "Idempotent-Replayed": {
        "$ref": "#/components/headers/Idempotent-Replayed"
       },
       "Percall-Original-Request-Id": {
        "$ref": "#/components/headers/Percall-Original-Request-Id"
       },
       "RateLimit-Policy": {
        "$ref": "#/components/headers/RateLimit-Policy"
       },
       "RateLimit": {
        "$ref": "#/components/headers/RateLimit"
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_JSON, BAD_REQUEST, BAD_DATATYPE, BAD_VALUE, SHAPE_MISMATCH, UNKNOWN_INPUT, MISSING_INPUT, INFERENCE_REFUSED, OUT_OF_MEMORY, UNKNOWN_COLUMN, BAD_CELL, BAD_TABLE, WRONG_TASK"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "402": {
      "$ref": "#/components/responses/Problem",
      "description": "PAYMENT_REQUIRED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OUT_OF_SCOPE, NOT_GRANTED"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_MODEL, UNKNOWN_ALIAS, UNKNOWN_VERSION, UNKNOWN_UPLOAD"
     },
     "409": {
      "$ref": "#/components/responses/Problem",
      "description": "CONFLICT"
     },
     "410": {
      "$ref": "#/components/responses/Problem",
      "description": "ANSWER_GONE"
     },
     "413": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_LARGE, the gateway: larger than the gateway takes"
     },
     "415": {
      "$ref": "#/components/responses/Problem",
      "description": "WRONG_MEDIA_TYPE"
     },
     "422": {
      "$ref": "#/components/responses/Problem",
      "description": "IDEMPOTENCY_KEY_REUSED"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_MANY_REQUESTS, LEDGER_BUSY, the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "501": {
      "$ref": "#/components/responses/Problem",
      "description": "OUTPUT_NOT_EXPRESSIBLE"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, OUTCOME_UNKNOWN, the gateway: the service is being overrun, or did not answer within 30 s"
     },
     "504": {
      "$ref": "#/components/responses/Problem",
      "description": "INFERENCE_TIMEOUT"
     }
    }
   }
  },
  "/v1/models/{model}:explain": {
   "post": {
    "operationId": "post_v1_models_model_explain",
    "summary": "Explains answers by rows: what each column adds, in numbers and words; charged by explained rows.",
    "tags": [
     "rows"
    ],
    "x-percall-access": "key",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/model"
     },
     {
      "$ref": "#/components/parameters/query.unknown"
     },
     {
      "$ref": "#/components/parameters/query.method"
     },
     {
      "$ref": "#/components/parameters/query.class"
     },
     {
      "$ref": "#/components/parameters/query.interactions"
     },
     {
      "$ref": "#/components/parameters/query.budget"
     },
     {
      "$ref": "#/components/parameters/query.seed"
     },
     {
      "$ref": "#/components/parameters/query.language"
     },
     {
      "$ref": "#/components/parameters/query.counterfactual"
     },
     {
      "$ref": "#/components/parameters/header.Idempotency-Key"
     },
     {
      "$ref": "#/components/parameters/header.Prefer"
     },
     {
      "$ref": "#/components/parameters/header.Content-Encoding"
     },
     {
      "$ref": "#/components/parameters/header.Accept-Encoding"
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "type": "object",
        "properties": {
         "instances": {
          "type": "array",
          "minItems": 1,
          "items": {},
          "description": "Rows."
         },
         "method": {
          "type": "string",
          "enum": [
           "tree-path-dependent",
           "tree-interventional",
           "linear",
           "permutation"
          ]
         },
         "class": {
          "type": [
           "string",
           "number",
           "boolean"
          ]
         },
         "interactions": {
          "type": "boolean"
         },
         "budget": {
          "type": "integer",
          "minimum": 1,
          "maximum": 1000000
         },
         "seed": {
          "type": "integer",
          "minimum": 0,
          "maximum": 4294967295
         },
         "language": {
          "type": "string",
          "enum": [
           "en",
           "zh"
          ]
         },
         "counterfactual": {
          "anyOf": [
           {
            "type": "boolean"
           },
           {
            "type": "object",
            "properties": {
             "class": {
              "type": [
               "string",
               "number",
               "boolean"
              ]
             },
             "fixed": {
              "type": "array",
              "items": {
               "type": "string"
              }
             },
             "budget": {
              "type": "integer",
              "minimum": 1,
              "maximum": 50000
             }
            },
            "additionalProperties": false
           }
          ]
         },
         "background": {}
        },
        "required": [
         "instances"
        ],
        "additionalProperties": false
       }
      },
      "text/csv": {
       "schema": {
        "type": "string"
       }
      },
      "text/plain": {
       "schema": {
        "type": "string"
       }
      }
     }
    },
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "Percall-Version": {
        "$ref": "#/components/headers/Percall-Version"
       },
       "Percall-Units": {
        "$ref": "#/components/headers/Percall-Units"
       },
       "Percall-Cost": {
        "$ref": "#/components/headers/Percall-Cost"
       },
       "Percall-Cold": {
        "$ref": "#/components/headers/Percall-Cold"
       },
       "Percall-Balance": {
        "$ref": "#/components/headers/Percall-Balance"
       },
       "Percall-Cap-Used": {
        "$ref": "#/components/headers/Percall-Cap-Used"
       },
       "Server-Timing": {
        "$ref": "#/components/headers/Server-Timing"
       },
       "Idempotent-Replayed": {
        "$ref": "#/components/headers/Idempotent-Replayed"
       },
       "Percall-Original-Request-Id": {
        "$ref": "#/components/headers/Percall-Original-Request-Id"
       },
       "Inference-Header-Content-Length": {
        "$ref": "#/components/headers/Inference-Header-Content-Length"
       },
       "Preference-Applied": {
        "$ref": "#/components/headers/Preference-Applied"
       },
       "RateLimit-Policy": {
        "$ref": "#/components/headers/RateLimit-Policy"
       },
       "RateLimit": {
        "$ref": "#/components/headers/RateLimit"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "method": {
           "type": "string",
           "enum": [
            "tree-path-dependent",
            "tree-interventional",
            "linear",
            "permutation"
           ]
          },
          "output": {
           "type": "string",
           "enum": [
            "value",
            "margin",
            "probability"
           ]
          },
          "background": {
           "type": "object",
           "properties": {
            "kind": {
             "type": "string",
             "enum": [
              "version",
              "request",
              "missing",
              "zeros",
              "cover"
             ]
            },
            "rows": {
             "type": "integer"
            }
           },
           "required": [
            "kind",
            "rows"
           ],
           "additionalProperties": false
          },
          "columns": {
           "type": "string",
           "enum": [
            "column",
            "sum"
           ]
          },
          "modelRows": {
           "type": "integer"
          },
          "language": {
           "type": "string",
           "enum": [
            "en",
            "zh"
           ]
          },
          "explanations": {
           "type": "array",
           "items": {
            "type": "object",
            "properties": {
             "class": {
              "type": [
               "string",
               "number",
               "boolean"
              ]
             },
             "baseValue": {
              "type": [
               "number",
               "null"
              ]
             },
             "prediction": {
              "type": [
               "number",
               "null"
              ]
             },
             "answer": {
              "type": [
               "number",
               "null"
              ]
             },
             "contributions": {
              "type": "array",
              "items": {
               "type": "object",
               "properties": {
                "name": {
                 "type": "string"
                },
                "value": {
                 "type": [
                  "string",
                  "number",
                  "boolean",
                  "null"
                 ]
                },
                "contribution": {
                 "type": [
                  "number",
                  "null"
                 ]
                },
                "standardError": {
                 "type": [
                  "number",
                  "null"
                 ]
                },
                "parts": {
                 "type": "array",
                 "items": {
                  "type": "object",
                  "properties": {
                   "feature": {
                    "type": "string"
                   },
                   "contribution": {
                    "type": [
                     "number",
                     "null"
                    ]
                   }
                  },
                  "required": [
                   "feature",
                   "contribution"
                  ],
                  "additionalProperties": false
                 }
                }
               },
               "required": [
                "name",
                "value",
                "contribution"
               ],
               "additionalProperties": false
              }
             },
             "additivityError": {
              "type": [
               "number",
               "null"
              ]
             },
             "interactions": {
              "type": "array",
              "items": {
               "type": "array",
               "items": {
                "type": [
                 "number",
                 "null"
                ]
               }
              }
             },
             "calibration": {
              "type": "object",
              "properties": {
               "kind": {
                "type": "string",
                "enum": [
                 "temperature",
                 "platt",
                 "isotonic",
                 "clip"
                ]
               },
               "output": {
                "type": "string",
                "enum": [
                 "value",
                 "margin",
                 "probability"
                ]
               },
               "before": {
                "type": [
                 "number",
                 "null"
                ]
               },
               "after": {
                "type": [
                 "number",
                 "null"
                ]
               }
              },
              "required": [
               "kind",
               "output",
               "before",
               "after"
              ],
              "additionalProperties": false
             },
             "sentence": {
              "type": "string"
             },
             "words": {
              "type": "array",
              "items": {
               "type": "object",
               "properties": {
                "column": {
                 "type": "string"
                },
                "word": {
                 "type": "string"
                },
                "effect": {
                 "type": [
                  "number",
                  "null"
                 ]
                }
               },
               "required": [
                "column",
                "word",
                "effect"
               ],
               "additionalProperties": false
              }
             },
             "counterfactual": {
              "anyOf": [
               {
                "type": "object",
                "properties": {
                 "found": {
                  "type": "boolean",
                  "const": true
                 },
                 "class": {
                  "type": "string"
                 },
                 "probability": {
                  "type": [
                   "number",
                   "null"
                  ]
                 },
                 "changes": {
                  "type": "array",
                  "items": {
                   "type": "object",
                   "properties": {
                    "column": {
                     "type": "string"
                    },
                    "from": {
                     "type": [
                      "string",
                      "number",
                      "boolean",
                      "null"
                     ]
                    },
                    "to": {
                     "type": [
                      "string",
                      "number",
                      "boolean",
                      "null"
                     ]
                    }
                   },
                   "required": [
                    "column",
                    "from",
                    "to"
                   ],
                   "additionalProperties": false
                  }
                 },
                 "distance": {
                  "type": [
                   "number",
                   "null"
                  ]
                 },
                 "modelRows": {
                  "type": "integer"
                 }
                },
                "required": [
                 "found",
                 "class",
                 "probability",
                 "changes",
                 "distance",
                 "modelRows"
                ],
                "additionalProperties": false
               },
               {
                "type": "object",
                "properties": {
                 "found": {
                  "type": "boolean",
                  "const": false
                 },
                 "reason": {
                  "type": "string"
                 },
                 "modelRows": {
                  "type": "integer"
                 }
                },
                "required": [
                 "found",
                 "reason",
                 "modelRows"
                ],
                "additionalProperties": false
               }
              ]
             }
            },
            "required": [
             "baseValue",
             "prediction",
             "answer",
             "contributions",
             "additivityError",
             "sentence"
            ],
            "additionalProperties": false
           }
          }
         },
         "required": [
          "method",
          "output",
          "background",
          "columns",
          "modelRows",
          "language",
          "explanations"
         ],
         "additionalProperties": false
        }
       }
      }
     },
     "202": {
      "description": "Accepted under `Prefer: respond-async`; ask for it at its Location.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "Location": {
        "$ref": "#/components/headers/Location"
       },
       "Retry-After": {
        "$ref": "#/components/headers/Retry-After"
       },
       "Preference-Applied": {
        "$ref": "#/components/headers/Preference-Applied"
       },
       "Idempotent-Replayed": {
        "$ref": "#/components/headers/Idempotent-Replayed"
       },
       "Percall-Original-Request-Id": {
        "$ref": "#/components/headers/Percall-Original-Request-Id"
       },
       "RateLimit-Policy": {
        "$ref": "#/components/headers/RateLimit-Policy"
       },
       "RateLimit": {
        "$ref": "#/components/headers/RateLimit"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Call"
        }
       }
      }
     },
     "303": {
      "description": "Answered within `wait`, or before under its key, and too large for the gateway in a coding that the caller accepts: the answer is at its Location.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "Location": {
        "$ref": "#/components/headers/Location"
       },
       "Preference-Applied": {
        "$ref": "#/components/headers/Preference-Applied"
       },
       "Percall-Version": {
        "$ref": "#/components/headers/Percall-Version"
       },
       "Percall-Units": {
        "$ref": "#/components/headers/Percall-Units"
       },
       "Percall-Cost": {
        "$ref": "#/components/headers/Percall-Cost"
       },
       "Percall-Cold": {
        "$ref": "#/components/headers/Percall-Cold"
       },
       "Percall-Balance": {
        "$ref": "#/components/headers/Percall-Balance"
       },
       "Percall-Cap-Used": {
        "$ref": "#/components/headers/Percall-Cap-Used"
       },
       "Server-Timing": {
        "$ref": "#/components/headers/Server-Timing"
       },
       "Idempotent-Replayed": {
        "$ref": "#/components/headers/Idempotent-Replayed"
       },
       "Percall-Original-Request-Id": {
        "$ref": "#/components/headers/Percall-Original-Request-Id"
       },
       "RateLimit-Policy": {
        "$ref": "#/components/headers/RateLimit-Policy"
       },
       "RateLimit": {
        "$ref": "#/components/headers/RateLimit"
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_JSON, BAD_REQUEST, BAD_DATATYPE, BAD_VALUE, SHAPE_MISMATCH, UNKNOWN_INPUT, MISSING_INPUT, INFERENCE_REFUSED, OUT_OF_MEMORY, UNKNOWN_COLUMN, BAD_CELL, BAD_TABLE, WRONG_TASK, NOT_EXPLAINABLE, BUDGET_TOO_SMALL, BAD_BACKGROUND"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "402": {
      "$ref": "#/components/responses/Problem",
      "description": "PAYMENT_REQUIRED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OUT_OF_SCOPE, NOT_GRANTED, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_MODEL, UNKNOWN_ALIAS, UNKNOWN_VERSION, UNKNOWN_UPLOAD"
     },
     "409": {
      "$ref": "#/components/responses/Problem",
      "description": "CONFLICT"
     },
     "410": {
      "$ref": "#/components/responses/Problem",
      "description": "ANSWER_GONE"
     },
     "413": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_LARGE, the gateway: larger than the gateway takes"
     },
     "415": {
      "$ref": "#/components/responses/Problem",
      "description": "WRONG_MEDIA_TYPE"
     },
     "422": {
      "$ref": "#/components/responses/Problem",
      "description": "IDEMPOTENCY_KEY_REUSED"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_MANY_REQUESTS, LEDGER_BUSY, the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "501": {
      "$ref": "#/components/responses/Problem",
      "description": "OUTPUT_NOT_EXPRESSIBLE"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, OUTCOME_UNKNOWN, the gateway: the service is being overrun, or did not answer within 30 s"
     },
     "504": {
      "$ref": "#/components/responses/Problem",
      "description": "INFERENCE_TIMEOUT"
     }
    }
   }
  },
  "/v1/models/{model}:quote": {
   "post": {
    "operationId": "post_v1_models_model_quote",
    "summary": "What a call with the body would cost, by list prices; a body of :predict, :explain, infer or embeddings. It is free.",
    "tags": [
     "rows"
    ],
    "x-percall-access": "key",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/model"
     },
     {
      "$ref": "#/components/parameters/query.for"
     },
     {
      "$ref": "#/components/parameters/query.unknown"
     },
     {
      "$ref": "#/components/parameters/query.method"
     },
     {
      "$ref": "#/components/parameters/query.class"
     },
     {
      "$ref": "#/components/parameters/query.interactions"
     },
     {
      "$ref": "#/components/parameters/query.budget"
     },
     {
      "$ref": "#/components/parameters/query.seed"
     },
     {
      "$ref": "#/components/parameters/query.language"
     },
     {
      "$ref": "#/components/parameters/query.counterfactual"
     },
     {
      "$ref": "#/components/parameters/header.Content-Encoding"
     },
     {
      "$ref": "#/components/parameters/header.Inference-Header-Content-Length"
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "anyOf": [
         {
          "$ref": "#/components/schemas/Instances"
         },
         {
          "type": "object",
          "properties": {
           "instances": {
            "type": "array",
            "minItems": 1,
            "items": {},
            "description": "Rows."
           },
           "method": {
            "type": "string",
            "enum": [
             "tree-path-dependent",
             "tree-interventional",
             "linear",
             "permutation"
            ]
           },
           "class": {
            "type": [
             "string",
             "number",
             "boolean"
            ]
           },
           "interactions": {
            "type": "boolean"
           },
           "budget": {
            "type": "integer",
            "minimum": 1,
            "maximum": 1000000
           },
           "seed": {
            "type": "integer",
            "minimum": 0,
            "maximum": 4294967295
           },
           "language": {
            "type": "string",
            "enum": [
             "en",
             "zh"
            ]
           },
           "counterfactual": {
            "anyOf": [
             {
              "type": "boolean"
             },
             {
              "type": "object",
              "properties": {
               "class": {
                "type": [
                 "string",
                 "number",
                 "boolean"
                ]
               },
               "fixed": {
                "type": "array",
                "items": {
                 "type": "string"
                }
               },
               "budget": {
                "type": "integer",
                "minimum": 1,
                "maximum": 50000
               }
              },
              "additionalProperties": false
             }
            ]
           },
           "background": {}
          },
          "required": [
           "instances"
          ],
          "additionalProperties": false
         },
         {
          "$ref": "#/components/schemas/inference_request"
         },
         {
          "type": "object",
          "properties": {
           "model": {
            "type": "string",
            "minLength": 1
           },
           "input": {
            "anyOf": [
             {
              "type": "string",
              "minLength": 1
             },
             {
              "minItems": 1,
              "type": "array",
              "items": {
               "type": "integer",
               "minimum": 0,
               "maximum": 2147483647
              }
             },
             {
              "minItems": 1,
              "maxItems": 2048,
              "type": "array",
              "items": {
               "type": "string",
               "minLength": 1
              }
             },
             {
              "minItems": 1,
              "maxItems": 2048,
              "type": "array",
              "items": {
               "minItems": 1,
               "type": "array",
               "items": {
                "type": "integer",
                "minimum": 0,
                "maximum": 2147483647
               }
              }
             }
            ]
           },
           "encoding_format": {
            "default": "float",
            "type": "string",
            "enum": [
             "float",
             "base64"
            ]
           },
           "dimensions": {
            "type": "integer",
            "minimum": 1
           }
          },
          "required": [
           "input"
          ]
         }
        ]
       }
      },
      "text/csv": {
       "schema": {
        "type": "string"
       }
      },
      "application/octet-stream": {},
      "text/plain": {
       "schema": {
        "type": "string"
       }
      }
     }
    },
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "RateLimit-Policy": {
        "$ref": "#/components/headers/RateLimit-Policy"
       },
       "RateLimit": {
        "$ref": "#/components/headers/RateLimit"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Quote"
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_JSON, BAD_REQUEST, BAD_DATATYPE, BAD_VALUE, SHAPE_MISMATCH, UNKNOWN_INPUT, MISSING_INPUT, UNKNOWN_OUTPUT, UNKNOWN_COLUMN, BAD_CELL, BAD_TABLE, WRONG_TASK, TOO_MANY_TOKENS, NOT_EXPLAINABLE, BUDGET_TOO_SMALL, BAD_BACKGROUND"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OUT_OF_SCOPE, NOT_GRANTED, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_MODEL, UNKNOWN_ALIAS, UNKNOWN_VERSION, UNKNOWN_UPLOAD"
     },
     "413": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_LARGE, the gateway: larger than the gateway takes"
     },
     "415": {
      "$ref": "#/components/responses/Problem",
      "description": "WRONG_MEDIA_TYPE"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_MANY_REQUESTS, the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/v1/models": {
   "get": {
    "operationId": "get_v1_models",
    "summary": "Models that the key may call, as OpenAI lists them and by name.",
    "tags": [
     "rows"
    ],
    "x-percall-access": "key",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "RateLimit-Policy": {
        "$ref": "#/components/headers/RateLimit-Policy"
       },
       "RateLimit": {
        "$ref": "#/components/headers/RateLimit"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "object": {
           "type": "string",
           "const": "list"
          },
          "data": {
           "type": "array",
           "items": {
            "$ref": "#/components/schemas/OpenAiModel"
           }
          },
          "models": {
           "type": "array",
           "items": {
            "type": "string"
           }
          }
         },
         "required": [
          "object",
          "data",
          "models"
         ],
         "additionalProperties": false
        }
       }
      }
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_MANY_REQUESTS, the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/v1/models/{model}": {
   "get": {
    "operationId": "get_v1_models_model",
    "summary": "One model as OpenAI shows it.",
    "tags": [
     "rows"
    ],
    "x-percall-access": "key",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/model"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "RateLimit-Policy": {
        "$ref": "#/components/headers/RateLimit-Policy"
       },
       "RateLimit": {
        "$ref": "#/components/headers/RateLimit"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/OpenAiModel"
        }
       }
      }
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, NOT_GRANTED"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_MODEL, UNKNOWN_ALIAS, UNKNOWN_VERSION"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_MANY_REQUESTS, the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/v1/embeddings": {
   "post": {
    "operationId": "post_v1_embeddings",
    "summary": "Vectors of texts, by OpenAI's request.",
    "tags": [
     "rows"
    ],
    "x-percall-access": "key",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/header.Idempotency-Key"
     },
     {
      "$ref": "#/components/parameters/header.Prefer"
     },
     {
      "$ref": "#/components/parameters/header.Content-Encoding"
     },
     {
      "$ref": "#/components/parameters/header.Accept-Encoding"
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/EmbeddingRequest"
       }
      },
      "text/plain": {
       "schema": {
        "type": "string"
       }
      }
     }
    },
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "Percall-Version": {
        "$ref": "#/components/headers/Percall-Version"
       },
       "Percall-Units": {
        "$ref": "#/components/headers/Percall-Units"
       },
       "Percall-Cost": {
        "$ref": "#/components/headers/Percall-Cost"
       },
       "Percall-Cold": {
        "$ref": "#/components/headers/Percall-Cold"
       },
       "Percall-Balance": {
        "$ref": "#/components/headers/Percall-Balance"
       },
       "Percall-Cap-Used": {
        "$ref": "#/components/headers/Percall-Cap-Used"
       },
       "Server-Timing": {
        "$ref": "#/components/headers/Server-Timing"
       },
       "Idempotent-Replayed": {
        "$ref": "#/components/headers/Idempotent-Replayed"
       },
       "Percall-Original-Request-Id": {
        "$ref": "#/components/headers/Percall-Original-Request-Id"
       },
       "Inference-Header-Content-Length": {
        "$ref": "#/components/headers/Inference-Header-Content-Length"
       },
       "Preference-Applied": {
        "$ref": "#/components/headers/Preference-Applied"
       },
       "RateLimit-Policy": {
        "$ref": "#/components/headers/RateLimit-Policy"
       },
       "RateLimit": {
        "$ref": "#/components/headers/RateLimit"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Embeddings"
        }
       }
      }
     },
     "202": {
      "description": "Accepted under `Prefer: respond-async`; ask for it at its Location.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "Location": {
        "$ref": "#/components/headers/Location"
       },
       "Retry-After": {
        "$ref": "#/components/headers/Retry-After"
       },
       "Preference-Applied": {
        "$ref": "#/components/headers/Preference-Applied"
       },
       "Idempotent-Replayed": {
        "$ref": "#/components/headers/Idempotent-Replayed"
       },
       "Percall-Original-Request-Id": {
        "$ref": "#/components/headers/Percall-Original-Request-Id"
       },
       "RateLimit-Policy": {
        "$ref": "#/components/headers/RateLimit-Policy"
       },
       "RateLimit": {
        "$ref": "#/components/headers/RateLimit"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Call"
        }
       }
      }
     },
     "303": {
      "description": "Answered within `wait`, or before under its key, and too large for the gateway in a coding that the caller accepts: the answer is at its Location.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "Location": {
        "$ref": "#/components/headers/Location"
       },
       "Preference-Applied": {
        "$ref": "#/components/headers/Preference-Applied"
       },
       "Percall-Version": {
        "$ref": "#/components/headers/Percall-Version"
       },
       "Percall-Units": {
        "$ref": "#/components/headers/Percall-Units"
       },
       "Percall-Cost": {
        "$ref": "#/components/headers/Percall-Cost"
       },
       "Percall-Cold": {
        "$ref": "#/components/headers/Percall-Cold"
       },
       "Percall-Balance": {
        "$ref": "#/components/headers/Percall-Balance"
       },
       "Percall-Cap-Used": {
        "$ref": "#/components/headers/Percall-Cap-Used"
       },
       "Server-Timing": {
        "$ref": "#/components/headers/Server-Timing"
       },
       "Idempotent-Replayed": {
        "$ref": "#/components/headers/Idempotent-Replayed"
       },
       "Percall-Original-Request-Id": {
        "$ref": "#/components/headers/Percall-Original-Request-Id"
       },
       "RateLimit-Policy": {
        "$ref": "#/components/headers/RateLimit-Policy"
       },
       "RateLimit": {
        "$ref": "#/components/headers/RateLimit"
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/OpenAiError",
      "description": "BAD_JSON, BAD_REQUEST, BAD_DATATYPE, BAD_VALUE, SHAPE_MISMATCH, UNKNOWN_INPUT, MISSING_INPUT, INFERENCE_REFUSED, OUT_OF_MEMORY, TOO_MANY_TOKENS, WRONG_TASK"
     },
     "401": {
      "$ref": "#/components/responses/OpenAiError",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "402": {
      "$ref": "#/components/responses/OpenAiError",
      "description": "PAYMENT_REQUIRED"
     },
     "403": {
      "$ref": "#/components/responses/OpenAiError",
      "description": "NOT_FROM_HERE, OUT_OF_SCOPE, NOT_GRANTED"
     },
     "404": {
      "$ref": "#/components/responses/OpenAiError",
      "description": "UNKNOWN_MODEL, UNKNOWN_ALIAS, UNKNOWN_VERSION, UNKNOWN_UPLOAD"
     },
     "409": {
      "$ref": "#/components/responses/OpenAiError",
      "description": "CONFLICT"
     },
     "410": {
      "$ref": "#/components/responses/OpenAiError",
      "description": "ANSWER_GONE"
     },
     "413": {
      "$ref": "#/components/responses/OpenAiErrorOrGateway",
      "description": "TOO_LARGE, the gateway: larger than the gateway takes"
     },
     "415": {
      "$ref": "#/components/responses/OpenAiError",
      "description": "WRONG_MEDIA_TYPE"
     },
     "422": {
      "$ref": "#/components/responses/OpenAiError",
      "description": "IDEMPOTENCY_KEY_REUSED"
     },
     "429": {
      "$ref": "#/components/responses/OpenAiErrorOrGateway",
      "description": "TOO_MANY_REQUESTS, LEDGER_BUSY, the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/OpenAiErrorOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/OpenAiErrorOrGateway",
      "description": "NOT_READY, OUTCOME_UNKNOWN, the gateway: the service is being overrun, or did not answer within 30 s"
     },
     "504": {
      "$ref": "#/components/responses/OpenAiError",
      "description": "INFERENCE_TIMEOUT"
     }
    }
   }
  },
  "/v2/models/{model}/stats": {
   "get": {
    "operationId": "get_v2_models_model_stats",
    "summary": "Statistics of a model's calls in Triton's shape; a consumer sees its own calls only.",
    "tags": [
     "inference"
    ],
    "x-percall-access": "key",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/model"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "RateLimit-Policy": {
        "$ref": "#/components/headers/RateLimit-Policy"
       },
       "RateLimit": {
        "$ref": "#/components/headers/RateLimit"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/model_statistics_response"
        }
       }
      }
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, NOT_GRANTED"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_MODEL, UNKNOWN_ALIAS, UNKNOWN_VERSION"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_MANY_REQUESTS, the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/v2/models/{model}/versions/{version}/stats": {
   "get": {
    "operationId": "get_v2_models_model_versions_version_stats",
    "summary": "Statistics of a model's calls in Triton's shape; a consumer sees its own calls only.",
    "tags": [
     "inference"
    ],
    "x-percall-access": "key",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/model"
     },
     {
      "$ref": "#/components/parameters/version"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "RateLimit-Policy": {
        "$ref": "#/components/headers/RateLimit-Policy"
       },
       "RateLimit": {
        "$ref": "#/components/headers/RateLimit"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/model_statistics_response"
        }
       }
      }
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, NOT_GRANTED"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_MODEL, UNKNOWN_ALIAS, UNKNOWN_VERSION"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_MANY_REQUESTS, the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/v1/calls": {
   "get": {
    "operationId": "get_v1_calls",
    "summary": "The consumer's calls that are answered later, newest first.",
    "tags": [
     "calls"
    ],
    "x-percall-access": "key",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/query.limit"
     },
     {
      "$ref": "#/components/parameters/query.next"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "RateLimit-Policy": {
        "$ref": "#/components/headers/RateLimit-Policy"
       },
       "RateLimit": {
        "$ref": "#/components/headers/RateLimit"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "calls": {
           "type": "array",
           "items": {
            "$ref": "#/components/schemas/Call"
           }
          },
          "next": {
           "type": "string"
          }
         },
         "required": [
          "calls"
         ],
         "additionalProperties": false
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_REQUEST"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OUT_OF_SCOPE"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_MANY_REQUESTS, the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/v1/calls/{id}": {
   "get": {
    "operationId": "get_v1_calls_id",
    "summary": "How far a call is.",
    "tags": [
     "calls"
    ],
    "x-percall-access": "key",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/id"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "Retry-After": {
        "$ref": "#/components/headers/Retry-After"
       },
       "RateLimit-Policy": {
        "$ref": "#/components/headers/RateLimit-Policy"
       },
       "RateLimit": {
        "$ref": "#/components/headers/RateLimit"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Call"
        }
       }
      }
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OUT_OF_SCOPE"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_CALL"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_MANY_REQUESTS, the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/v1/calls/{id}/result": {
   "get": {
    "operationId": "get_v1_calls_id_result",
    "summary": "The answer as it would have come at once; the refusal of a call that failed.",
    "tags": [
     "calls"
    ],
    "x-percall-access": "key",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/id"
     },
     {
      "$ref": "#/components/parameters/header.Accept-Encoding"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer of the call's own route.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "Percall-Original-Request-Id": {
        "$ref": "#/components/headers/Percall-Original-Request-Id"
       },
       "Percall-Version": {
        "$ref": "#/components/headers/Percall-Version"
       },
       "Percall-Units": {
        "$ref": "#/components/headers/Percall-Units"
       },
       "Percall-Cost": {
        "$ref": "#/components/headers/Percall-Cost"
       },
       "RateLimit-Policy": {
        "$ref": "#/components/headers/RateLimit-Policy"
       },
       "RateLimit": {
        "$ref": "#/components/headers/RateLimit"
       }
      },
      "content": {
       "application/json": {},
       "application/octet-stream": {},
       "text/csv": {
        "schema": {
         "type": "string"
        }
       }
      }
     },
     "303": {
      "description": "The answer is too large for the gateway: it is at its Location.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "Location": {
        "$ref": "#/components/headers/Location"
       },
       "Percall-Original-Request-Id": {
        "$ref": "#/components/headers/Percall-Original-Request-Id"
       },
       "Percall-Version": {
        "$ref": "#/components/headers/Percall-Version"
       },
       "Percall-Units": {
        "$ref": "#/components/headers/Percall-Units"
       },
       "Percall-Cost": {
        "$ref": "#/components/headers/Percall-Cost"
       },
       "RateLimit-Policy": {
        "$ref": "#/components/headers/RateLimit-Policy"
       },
       "RateLimit": {
        "$ref": "#/components/headers/RateLimit"
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "INFERENCE_REFUSED, OUT_OF_MEMORY"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OUT_OF_SCOPE"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_CALL"
     },
     "409": {
      "$ref": "#/components/responses/Problem",
      "description": "CONFLICT"
     },
     "410": {
      "$ref": "#/components/responses/Problem",
      "description": "ANSWER_GONE"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_MANY_REQUESTS, the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     },
     "504": {
      "$ref": "#/components/responses/Problem",
      "description": "INFERENCE_TIMEOUT"
     }
    }
   }
  },
  "/v1/calls/{id}/cancel": {
   "post": {
    "operationId": "post_v1_calls_id_cancel",
    "summary": "Cancels a call; it is not charged.",
    "tags": [
     "calls"
    ],
    "x-percall-access": "key",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/id"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "RateLimit-Policy": {
        "$ref": "#/components/headers/RateLimit-Policy"
       },
       "RateLimit": {
        "$ref": "#/components/headers/RateLimit"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Call"
        }
       }
      }
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OUT_OF_SCOPE"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_CALL"
     },
     "409": {
      "$ref": "#/components/responses/Problem",
      "description": "CALL_ENDED"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_MANY_REQUESTS, the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/v1/uploads": {
   "post": {
    "operationId": "post_v1_uploads",
    "summary": "A place for one PUT of bytes that are too large for a request.",
    "tags": [
     "calls"
    ],
    "x-percall-access": "key",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/header.Content-Encoding"
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/UploadRequest"
       }
      }
     }
    },
    "responses": {
     "201": {
      "description": "Made.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "RateLimit-Policy": {
        "$ref": "#/components/headers/RateLimit-Policy"
       },
       "RateLimit": {
        "$ref": "#/components/headers/RateLimit"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Upload"
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_JSON, BAD_REQUEST"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OUT_OF_SCOPE"
     },
     "413": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_LARGE, the gateway: larger than the gateway takes"
     },
     "415": {
      "$ref": "#/components/responses/Problem",
      "description": "WRONG_MEDIA_TYPE"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_MANY_REQUESTS, TOO_MANY_UPLOADS, the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/v1/batches": {
   "get": {
    "operationId": "get_v1_batches",
    "summary": "The consumer's batches, newest first.",
    "tags": [
     "batches"
    ],
    "x-percall-access": "key",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/query.limit"
     },
     {
      "$ref": "#/components/parameters/query.next"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "RateLimit-Policy": {
        "$ref": "#/components/headers/RateLimit-Policy"
       },
       "RateLimit": {
        "$ref": "#/components/headers/RateLimit"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "batches": {
           "type": "array",
           "items": {
            "$ref": "#/components/schemas/Batch"
           }
          },
          "next": {
           "type": "string"
          }
         },
         "required": [
          "batches"
         ],
         "additionalProperties": false
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_REQUEST"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OUT_OF_SCOPE"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_MANY_REQUESTS, the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   },
   "post": {
    "operationId": "post_v1_batches",
    "summary": "Starts a batch on an uploaded file.",
    "tags": [
     "batches"
    ],
    "x-percall-access": "key",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/header.Idempotency-Key"
     },
     {
      "$ref": "#/components/parameters/header.Content-Encoding"
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/BatchRequest"
       }
      }
     }
    },
    "responses": {
     "202": {
      "description": "Accepted.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "Location": {
        "$ref": "#/components/headers/Location"
       },
       "Idempotent-Replayed": {
        "$ref": "#/components/headers/Idempotent-Replayed"
       },
       "Percall-Original-Request-Id": {
        "$ref": "#/components/headers/Percall-Original-Request-Id"
       },
       "RateLimit-Policy": {
        "$ref": "#/components/headers/RateLimit-Policy"
       },
       "RateLimit": {
        "$ref": "#/components/headers/RateLimit"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Batch"
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_JSON, BAD_REQUEST"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OUT_OF_SCOPE, NOT_GRANTED"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_MODEL, UNKNOWN_ALIAS, UNKNOWN_VERSION, UNKNOWN_UPLOAD"
     },
     "413": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_LARGE, the gateway: larger than the gateway takes"
     },
     "415": {
      "$ref": "#/components/responses/Problem",
      "description": "WRONG_MEDIA_TYPE"
     },
     "422": {
      "$ref": "#/components/responses/Problem",
      "description": "IDEMPOTENCY_KEY_REUSED"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_MANY_REQUESTS, the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/v1/batches/{batch}": {
   "get": {
    "operationId": "get_v1_batches_batch",
    "summary": "How far a batch is, and what it cost.",
    "tags": [
     "batches"
    ],
    "x-percall-access": "key",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/batch"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "RateLimit-Policy": {
        "$ref": "#/components/headers/RateLimit-Policy"
       },
       "RateLimit": {
        "$ref": "#/components/headers/RateLimit"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Batch"
        }
       }
      }
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OUT_OF_SCOPE"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_BATCH"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_MANY_REQUESTS, the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/v1/batches/{batch}/cancel": {
   "post": {
    "operationId": "post_v1_batches_batch_cancel",
    "summary": "Cancels a batch; what was answered is charged and can be read.",
    "tags": [
     "batches"
    ],
    "x-percall-access": "key",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/batch"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "RateLimit-Policy": {
        "$ref": "#/components/headers/RateLimit-Policy"
       },
       "RateLimit": {
        "$ref": "#/components/headers/RateLimit"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Batch"
        }
       }
      }
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OUT_OF_SCOPE"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_BATCH"
     },
     "409": {
      "$ref": "#/components/responses/Problem",
      "description": "BATCH_ENDED"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_MANY_REQUESTS, the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/v1/batches/{batch}/result": {
   "get": {
    "operationId": "get_v1_batches_batch_result",
    "summary": "The result file.",
    "tags": [
     "batches"
    ],
    "x-percall-access": "key",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/batch"
     }
    ],
    "responses": {
     "302": {
      "description": "The file is at its Location.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "Location": {
        "$ref": "#/components/headers/Location"
       },
       "RateLimit-Policy": {
        "$ref": "#/components/headers/RateLimit-Policy"
       },
       "RateLimit": {
        "$ref": "#/components/headers/RateLimit"
       }
      }
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OUT_OF_SCOPE"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_BATCH"
     },
     "409": {
      "$ref": "#/components/responses/Problem",
      "description": "BATCH_OPEN, BATCH_ENDED"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_MANY_REQUESTS, the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/v1/batches/{batch}/errors": {
   "get": {
    "operationId": "get_v1_batches_batch_errors",
    "summary": "Rows that failed, in the order of the file.",
    "tags": [
     "batches"
    ],
    "x-percall-access": "key",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/batch"
     },
     {
      "$ref": "#/components/parameters/query.limit"
     },
     {
      "$ref": "#/components/parameters/query.next"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "RateLimit-Policy": {
        "$ref": "#/components/headers/RateLimit-Policy"
       },
       "RateLimit": {
        "$ref": "#/components/headers/RateLimit"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "errors": {
           "type": "array",
           "items": {
            "type": "object",
            "properties": {
             "row": {
              "type": "integer"
             },
             "code": {
              "$ref": "#/components/schemas/ErrorCode"
             },
             "message": {
              "type": "string"
             }
            },
            "required": [
             "row",
             "code",
             "message"
            ],
            "additionalProperties": false
           }
          },
          "next": {
           "type": "string"
          }
         },
         "required": [
          "errors"
         ],
         "additionalProperties": false
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_REQUEST"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OUT_OF_SCOPE"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_BATCH"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_MANY_REQUESTS, the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/": {
   "get": {
    "operationId": "get",
    "summary": "A page that tries models; its reader types a key.",
    "tags": [
     "page"
    ],
    "x-percall-access": "public",
    "security": [],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "text/html": {
        "schema": {
         "type": "string"
        }
       }
      }
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/openapi.json": {
   "get": {
    "operationId": "get_openapi_json",
    "summary": "This document.",
    "tags": [
     "page"
    ],
    "x-percall-access": "public",
    "security": [],
    "parameters": [
     {
      "$ref": "#/components/parameters/header.Accept-Encoding"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "openapi": {
           "type": "string"
          }
         },
         "required": [
          "openapi"
         ],
         "additionalProperties": {}
        }
       }
      }
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/models": {
   "get": {
    "operationId": "get_api_models",
    "summary": "All models, with their aliases.",
    "tags": [
     "models"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/query.limit"
     },
     {
      "$ref": "#/components/parameters/query.next"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "models": {
           "type": "array",
           "items": {
            "$ref": "#/components/schemas/Model"
           }
          },
          "next": {
           "type": "string"
          }
         },
         "required": [
          "models"
         ],
         "additionalProperties": false
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_REQUEST"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   },
   "post": {
    "operationId": "post_api_models",
    "summary": "Makes a model without versions.",
    "tags": [
     "models"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/header.Content-Encoding"
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/NewModel"
       }
      }
     }
    },
    "responses": {
     "201": {
      "description": "Made.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "ETag": {
        "$ref": "#/components/headers/ETag"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Model"
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_JSON, BAD_REQUEST, BAD_NAME"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "409": {
      "$ref": "#/components/responses/Problem",
      "description": "CONFLICT"
     },
     "413": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_LARGE, the gateway: larger than the gateway takes"
     },
     "415": {
      "$ref": "#/components/responses/Problem",
      "description": "WRONG_MEDIA_TYPE"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/models/{model}": {
   "get": {
    "operationId": "get_api_models_model",
    "summary": "A model, with its aliases.",
    "tags": [
     "models"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/model"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "ETag": {
        "$ref": "#/components/headers/ETag"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Model"
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_NAME"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_MODEL"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   },
   "patch": {
    "operationId": "patch_api_models_model",
    "summary": "Changes the fields that are sent.",
    "tags": [
     "models"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/model"
     },
     {
      "$ref": "#/components/parameters/header.If-Match"
     },
     {
      "$ref": "#/components/parameters/header.Content-Encoding"
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/ModelChange"
       }
      }
     }
    },
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "ETag": {
        "$ref": "#/components/headers/ETag"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Model"
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_JSON, BAD_REQUEST, BAD_NAME"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_MODEL"
     },
     "409": {
      "$ref": "#/components/responses/Problem",
      "description": "CONFLICT"
     },
     "412": {
      "$ref": "#/components/responses/Problem",
      "description": "STALE"
     },
     "413": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_LARGE, the gateway: larger than the gateway takes"
     },
     "415": {
      "$ref": "#/components/responses/Problem",
      "description": "WRONG_MEDIA_TYPE"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   },
   "delete": {
    "operationId": "delete_api_models_model",
    "summary": "Removes a model that has neither versions nor aliases.",
    "tags": [
     "models"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/model"
     },
     {
      "$ref": "#/components/parameters/header.If-Match"
     }
    ],
    "responses": {
     "204": {
      "description": "Done.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_NAME"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_MODEL"
     },
     "409": {
      "$ref": "#/components/responses/Problem",
      "description": "IN_USE, CONFLICT"
     },
     "412": {
      "$ref": "#/components/responses/Problem",
      "description": "STALE"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/models/{model}/versions": {
   "get": {
    "operationId": "get_api_models_model_versions",
    "summary": "Versions of a model.",
    "tags": [
     "models"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/model"
     },
     {
      "$ref": "#/components/parameters/query.limit"
     },
     {
      "$ref": "#/components/parameters/query.next"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "versions": {
           "type": "array",
           "items": {
            "$ref": "#/components/schemas/Version"
           }
          },
          "next": {
           "type": "string"
          }
         },
         "required": [
          "versions"
         ],
         "additionalProperties": false
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_REQUEST, BAD_NAME"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_MODEL"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   },
   "post": {
    "operationId": "post_api_models_model_versions",
    "summary": "Registers an .onnx file of at most 4 MiB, or an upload; makes the model where it is new.",
    "tags": [
     "models"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/model"
     },
     {
      "$ref": "#/components/parameters/query.alias"
     },
     {
      "$ref": "#/components/parameters/header.Content-Encoding"
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/octet-stream": {},
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/NewRegistration"
       }
      }
     }
    },
    "responses": {
     "201": {
      "description": "The version of a file that came in the body.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "Location": {
        "$ref": "#/components/headers/Location"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Version"
        }
       }
      }
     },
     "202": {
      "description": "The registration of an upload, to be asked for until it has ended.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "Location": {
        "$ref": "#/components/headers/Location"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "id": {
           "type": "string"
          },
          "state": {
           "type": "string",
           "enum": [
            "queued",
            "running",
            "succeeded",
            "failed"
           ]
          },
          "location": {
           "type": "string"
          }
         },
         "required": [
          "id",
          "state",
          "location"
         ],
         "additionalProperties": false
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_JSON, BAD_REQUEST, BAD_NAME, NOT_ONNX, UNSUPPORTED_ONNX, BAD_MANIFEST"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_UPLOAD"
     },
     "413": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_LARGE, the gateway: larger than the gateway takes"
     },
     "415": {
      "$ref": "#/components/responses/Problem",
      "description": "WRONG_MEDIA_TYPE"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/models/{model}/versions/{version}": {
   "get": {
    "operationId": "get_api_models_model_versions_version",
    "summary": "A version, with the aliases that point to it.",
    "tags": [
     "models"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/model"
     },
     {
      "$ref": "#/components/parameters/version"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/VersionWithAliases"
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_NAME"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_MODEL, UNKNOWN_VERSION"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   },
   "delete": {
    "operationId": "delete_api_models_model_versions_version",
    "summary": "Removes a version that no alias points to and no open call, batch or optimisation uses.",
    "tags": [
     "models"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/model"
     },
     {
      "$ref": "#/components/parameters/version"
     }
    ],
    "responses": {
     "204": {
      "description": "Done.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_NAME"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_MODEL, UNKNOWN_VERSION"
     },
     "409": {
      "$ref": "#/components/responses/Problem",
      "description": "IN_USE"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/models/{model}/versions/{version}/artifact": {
   "get": {
    "operationId": "get_api_models_model_versions_version_artifact",
    "summary": "A file of a version.",
    "tags": [
     "models"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/model"
     },
     {
      "$ref": "#/components/parameters/version"
     },
     {
      "$ref": "#/components/parameters/query.part"
     }
    ],
    "responses": {
     "302": {
      "description": "The file is at its Location.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "Location": {
        "$ref": "#/components/headers/Location"
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_REQUEST, BAD_NAME"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_MODEL, UNKNOWN_VERSION"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/models/{model}/versions/{version}/optimise": {
   "post": {
    "operationId": "post_api_models_model_versions_version_optimise",
    "summary": "Measures variants of a version's graph, and makes a version of the one that the policy asks for.",
    "tags": [
     "models"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/model"
     },
     {
      "$ref": "#/components/parameters/version"
     },
     {
      "$ref": "#/components/parameters/header.Content-Encoding"
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "type": "object",
        "properties": {
         "policy": {
          "type": "string"
         },
         "alias": {
          "type": "string"
         }
        },
        "additionalProperties": false
       }
      }
     }
    },
    "responses": {
     "202": {
      "description": "The registration, to be asked for until it has ended.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "Location": {
        "$ref": "#/components/headers/Location"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "id": {
           "type": "string"
          },
          "state": {
           "type": "string",
           "enum": [
            "queued",
            "running",
            "succeeded",
            "failed"
           ]
          },
          "location": {
           "type": "string"
          }
         },
         "required": [
          "id",
          "state",
          "location"
         ],
         "additionalProperties": false
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_JSON, BAD_REQUEST, BAD_NAME"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_MODEL, UNKNOWN_VERSION"
     },
     "413": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_LARGE, the gateway: larger than the gateway takes"
     },
     "415": {
      "$ref": "#/components/responses/Problem",
      "description": "WRONG_MEDIA_TYPE"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/models/{model}/versions/{version}/explanations": {
   "get": {
    "operationId": "get_api_models_model_versions_version_explanations",
    "summary": "What matters to a version as a whole: importance, dependence, rules that come near it, calibration.",
    "tags": [
     "models"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/model"
     },
     {
      "$ref": "#/components/parameters/version"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "schema": {
           "type": "number",
           "const": 1
          },
          "on": {
           "type": "string",
           "enum": [
            "test",
            "training"
           ]
          },
          "rows": {
           "type": "integer"
          },
          "target": {
           "type": "string"
          },
          "classes": {
           "type": "array",
           "items": {
            "type": "string"
           }
          },
          "permutation": {
           "type": "object",
           "properties": {
            "baseLoss": {
             "type": [
              "number",
              "null"
             ]
            },
            "repeats": {
             "type": "integer"
            },
            "columns": {
             "type": "array",
             "items": {
              "type": "object",
              "properties": {
               "column": {
                "type": "string"
               },
               "importance": {
                "type": [
                 "number",
                 "null"
                ]
               },
               "standardDeviation": {
                "type": [
                 "number",
                 "null"
                ]
               },
               "low": {
                "type": [
                 "number",
                 "null"
                ]
               },
               "high": {
                "type": [
                 "number",
                 "null"
                ]
               }
              },
              "required": [
               "column",
               "importance",
               "standardDeviation",
               "low",
               "high"
              ],
              "additionalProperties": false
             }
            },
            "loss": {
             "type": "string",
             "enum": [
              "logLoss",
              "rmse"
             ]
            }
           },
           "required": [
            "baseLoss",
            "repeats",
            "columns",
            "loss"
           ],
           "additionalProperties": false
          },
          "shap": {
           "type": "object",
           "properties": {
            "method": {
             "type": "string",
             "enum": [
              "tree-path-dependent",
              "tree-interventional",
              "linear",
              "permutation"
             ]
            },
            "output": {
             "type": "string",
             "enum": [
              "value",
              "margin",
              "probability"
             ]
            },
            "background": {
             "type": "object",
             "properties": {
              "kind": {
               "type": "string",
               "enum": [
                "version",
                "request",
                "missing",
                "zeros",
                "cover"
               ]
              },
              "rows": {
               "type": "integer"
              }
             },
             "required": [
              "kind",
              "rows"
             ],
             "additionalProperties": false
            },
            "columns": {
             "type": "string",
             "enum": [
              "column",
              "sum"
             ]
            },
            "rows": {
             "type": "integer"
            },
            "importance": {
             "type": "array",
             "items": {
              "type": "object",
              "properties": {
               "column": {
                "type": "string"
               },
               "mean": {
                "type": [
                 "number",
                 "null"
                ]
               },
               "standardError": {
                "type": [
                 "number",
                 "null"
                ]
               }
              },
              "required": [
               "column",
               "mean",
               "standardError"
              ],
              "additionalProperties": false
             }
            }
           },
           "required": [
            "method",
            "output",
            "background",
            "columns",
            "rows",
            "importance"
           ],
           "additionalProperties": false
          },
          "dependence": {
           "type": "array",
           "items": {
            "type": "object",
            "properties": {
             "column": {
              "type": "string"
             },
             "kind": {
              "type": "string",
              "enum": [
               "number",
               "date",
               "levels",
               "boolean"
              ]
             },
             "points": {
              "type": "array",
              "items": {
               "type": [
                "number",
                "string",
                "boolean"
               ]
              }
             },
             "means": {
              "type": "array",
              "items": {
               "type": "array",
               "items": {
                "type": [
                 "number",
                 "null"
                ]
               }
              }
             },
             "rows": {
              "type": "array",
              "items": {
               "type": "array",
               "items": {
                "type": [
                 "number",
                 "null"
                ]
               }
              }
             },
             "of": {
              "type": "integer"
             }
            },
            "required": [
             "column",
             "kind",
             "points",
             "means",
             "rows",
             "of"
            ],
            "additionalProperties": false
           }
          },
          "surrogate": {
           "type": "object",
           "properties": {
            "lists": {
             "type": "array",
             "items": {
              "type": "object",
              "properties": {
               "of": {
                "type": "string"
               },
               "rules": {
                "type": "array",
                "items": {
                 "type": "object",
                 "properties": {
                  "conditions": {
                   "type": "array",
                   "items": {
                    "anyOf": [
                     {
                      "type": "object",
                      "properties": {
                       "feature": {
                        "type": "string"
                       },
                       "test": {
                        "type": "string",
                        "enum": [
                         "at most",
                         "above"
                        ]
                       },
                       "value": {
                        "type": [
                         "number",
                         "null"
                        ]
                       },
                       "missing": {
                        "type": "boolean"
                       }
                      },
                      "required": [
                       "feature",
                       "test",
                       "value",
                       "missing"
                      ],
                      "additionalProperties": false
                     },
                     {
                      "type": "object",
                      "properties": {
                       "feature": {
                        "type": "string"
                       },
                       "test": {
                        "type": "string",
                        "enum": [
                         "one of",
                         "none of"
                        ]
                       },
                       "levels": {
                        "type": "array",
                        "items": {
                         "type": "string"
                        }
                       },
                       "missing": {
                        "type": "boolean"
                       }
                      },
                      "required": [
                       "feature",
                       "test",
                       "levels",
                       "missing"
                      ],
                      "additionalProperties": false
                     },
                     {
                      "type": "object",
                      "properties": {
                       "feature": {
                        "type": "string"
                       },
                       "test": {
                        "type": "string",
                        "enum": [
                         "is there",
                         "is missing"
                        ]
                       },
                       "missing": {
                        "type": "boolean"
                       }
                      },
                      "required": [
                       "feature",
                       "test",
                       "missing"
                      ],
                      "additionalProperties": false
                     }
                    ]
                   }
                  },
                  "answer": {
                   "type": [
                    "number",
                    "null"
                   ]
                  },
                  "rows": {
                   "type": "integer"
                  }
                 },
                 "required": [
                  "conditions",
                  "answer",
                  "rows"
                 ],
                 "additionalProperties": false
                }
               }
              },
              "required": [
               "rules"
              ],
              "additionalProperties": false
             }
            },
            "leaves": {
             "type": "integer"
            },
            "fidelity": {
             "type": "object",
             "properties": {
              "r2": {
               "type": [
                "number",
                "null"
               ]
              },
              "agreement": {
               "type": [
                "number",
                "null"
               ]
              },
              "constantAgreement": {
               "type": [
                "number",
                "null"
               ]
              },
              "rows": {
               "type": "integer"
              }
             },
             "required": [
              "r2",
              "rows"
             ],
             "additionalProperties": false
            }
           },
           "required": [
            "lists",
            "leaves",
            "fidelity"
           ],
           "additionalProperties": false
          },
          "calibration": {
           "type": "object",
           "properties": {
            "bins": {
             "type": "array",
             "items": {
              "type": "object",
              "properties": {
               "from": {
                "type": [
                 "number",
                 "null"
                ]
               },
               "to": {
                "type": [
                 "number",
                 "null"
                ]
               },
               "weight": {
                "type": [
                 "number",
                 "null"
                ]
               },
               "said": {
                "type": [
                 "number",
                 "null"
                ]
               },
               "came": {
                "type": [
                 "number",
                 "null"
                ]
               }
              },
              "required": [
               "from",
               "to",
               "weight",
               "said",
               "came"
              ],
              "additionalProperties": false
             }
            },
            "expectedError": {
             "type": [
              "number",
              "null"
             ]
            }
           },
           "required": [
            "bins",
            "expectedError"
           ],
           "additionalProperties": false
          },
          "ranges": {
           "type": "array",
           "items": {
            "anyOf": [
             {
              "type": "object",
              "properties": {
               "name": {
                "type": "string"
               },
               "kind": {
                "type": "string",
                "enum": [
                 "number",
                 "date"
                ]
               },
               "whole": {
                "type": "boolean"
               },
               "min": {
                "type": [
                 "number",
                 "null"
                ]
               },
               "max": {
                "type": [
                 "number",
                 "null"
                ]
               },
               "points": {
                "type": "array",
                "items": {
                 "type": [
                  "number",
                  "null"
                 ]
                }
               }
              },
              "required": [
               "name",
               "kind",
               "whole",
               "min",
               "max",
               "points"
              ],
              "additionalProperties": false
             },
             {
              "type": "object",
              "properties": {
               "name": {
                "type": "string"
               },
               "kind": {
                "type": "string",
                "const": "levels"
               },
               "ordered": {
                "type": "boolean"
               },
               "levels": {
                "type": "array",
                "items": {
                 "type": "string"
                }
               }
              },
              "required": [
               "name",
               "kind",
               "ordered",
               "levels"
              ],
              "additionalProperties": false
             },
             {
              "type": "object",
              "properties": {
               "name": {
                "type": "string"
               },
               "kind": {
                "type": "string",
                "const": "boolean"
               }
              },
              "required": [
               "name",
               "kind"
              ],
              "additionalProperties": false
             },
             {
              "type": "object",
              "properties": {
               "name": {
                "type": "string"
               },
               "kind": {
                "type": "string",
                "const": "kept"
               },
               "why": {
                "type": "string",
                "enum": [
                 "text",
                 "personal",
                 "constant"
                ]
               }
              },
              "required": [
               "name",
               "kind",
               "why"
              ],
              "additionalProperties": false
             }
            ]
           }
          },
          "leftOut": {
           "type": "array",
           "items": {
            "type": "string"
           }
          },
          "plots": {
           "type": "array",
           "items": {
            "type": "string"
           }
          }
         },
         "required": [
          "schema",
          "on",
          "rows",
          "target",
          "permutation",
          "dependence",
          "ranges",
          "leftOut",
          "plots"
         ],
         "additionalProperties": false
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_NAME"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_MODEL, UNKNOWN_VERSION, UNKNOWN_EXPLANATION"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/models/{model}/versions/{version}/explanations/{plot}": {
   "get": {
    "operationId": "get_api_models_model_versions_version_explanations_plot",
    "summary": "One of them as a plot, for light and dark pages.",
    "tags": [
     "models"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/model"
     },
     {
      "$ref": "#/components/parameters/version"
     },
     {
      "$ref": "#/components/parameters/plot"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "image/svg+xml": {
        "schema": {
         "type": "string"
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_NAME"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_MODEL, UNKNOWN_VERSION, UNKNOWN_EXPLANATION"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/models/{model}/stats": {
   "get": {
    "operationId": "get_api_models_model_stats",
    "summary": "How often, how well and how fast a model and its versions answered.",
    "tags": [
     "models"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/model"
     },
     {
      "$ref": "#/components/parameters/query.window"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/ModelStats"
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_REQUEST, BAD_NAME"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_MODEL"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/registrations": {
   "get": {
    "operationId": "get_api_registrations",
    "summary": "Registrations of uploads, newest first.",
    "tags": [
     "models"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/query.limit"
     },
     {
      "$ref": "#/components/parameters/query.next"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "registrations": {
           "type": "array",
           "items": {
            "$ref": "#/components/schemas/Registration"
           }
          },
          "next": {
           "type": "string"
          }
         },
         "required": [
          "registrations"
         ],
         "additionalProperties": false
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_REQUEST"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/registrations/{registration}": {
   "get": {
    "operationId": "get_api_registrations_registration",
    "summary": "How far a registration is.",
    "tags": [
     "models"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/registration"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Registration"
        }
       }
      }
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_REGISTRATION"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/models/{model}/aliases": {
   "get": {
    "operationId": "get_api_models_model_aliases",
    "summary": "Aliases of a model.",
    "tags": [
     "models"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/model"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "aliases": {
           "type": "array",
           "items": {
            "$ref": "#/components/schemas/Alias"
           }
          }
         },
         "required": [
          "aliases"
         ],
         "additionalProperties": false
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_NAME"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_MODEL"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/models/{model}/aliases/{alias}": {
   "get": {
    "operationId": "get_api_models_model_aliases_alias",
    "summary": "Where an alias points.",
    "tags": [
     "models"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/model"
     },
     {
      "$ref": "#/components/parameters/alias"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "ETag": {
        "$ref": "#/components/headers/ETag"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Alias"
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_NAME"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_MODEL, UNKNOWN_ALIAS"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   },
   "put": {
    "operationId": "put_api_models_model_aliases_alias",
    "summary": "Points an alias to a version.",
    "tags": [
     "models"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/model"
     },
     {
      "$ref": "#/components/parameters/alias"
     },
     {
      "$ref": "#/components/parameters/header.If-Match"
     },
     {
      "$ref": "#/components/parameters/header.Content-Encoding"
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/AliasChange"
       }
      }
     }
    },
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "ETag": {
        "$ref": "#/components/headers/ETag"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Alias"
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_JSON, BAD_REQUEST, BAD_NAME"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_MODEL, UNKNOWN_VERSION"
     },
     "412": {
      "$ref": "#/components/responses/Problem",
      "description": "STALE"
     },
     "413": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_LARGE, the gateway: larger than the gateway takes"
     },
     "415": {
      "$ref": "#/components/responses/Problem",
      "description": "WRONG_MEDIA_TYPE"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   },
   "delete": {
    "operationId": "delete_api_models_model_aliases_alias",
    "summary": "Removes an alias.",
    "tags": [
     "models"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/model"
     },
     {
      "$ref": "#/components/parameters/alias"
     },
     {
      "$ref": "#/components/parameters/header.If-Match"
     }
    ],
    "responses": {
     "204": {
      "description": "Done.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_NAME"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_MODEL, UNKNOWN_ALIAS"
     },
     "412": {
      "$ref": "#/components/responses/Problem",
      "description": "STALE"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/models/{model}/aliases/{alias}/history": {
   "get": {
    "operationId": "get_api_models_model_aliases_alias_history",
    "summary": "Every move of an alias.",
    "tags": [
     "models"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/model"
     },
     {
      "$ref": "#/components/parameters/alias"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "name": {
           "type": "string"
          },
          "alias": {
           "type": "string"
          },
          "history": {
           "type": "array",
           "items": {
            "type": "object",
            "properties": {
             "revision": {
              "type": "integer"
             },
             "version": {
              "type": [
               "integer",
               "null"
              ]
             },
             "previous": {
              "type": [
               "integer",
               "null"
              ]
             },
             "movedBy": {
              "type": "string"
             },
             "movedAt": {
              "type": "string",
              "format": "date-time"
             }
            },
            "required": [
             "revision",
             "version",
             "previous",
             "movedBy",
             "movedAt"
            ],
            "additionalProperties": false
           }
          }
         },
         "required": [
          "name",
          "alias",
          "history"
         ],
         "additionalProperties": false
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_NAME"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_MODEL, UNKNOWN_ALIAS"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/consumers": {
   "get": {
    "operationId": "get_api_consumers",
    "summary": "All consumers.",
    "tags": [
     "consumers"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/query.limit"
     },
     {
      "$ref": "#/components/parameters/query.next"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "consumers": {
           "type": "array",
           "items": {
            "$ref": "#/components/schemas/Consumer"
           }
          },
          "next": {
           "type": "string"
          }
         },
         "required": [
          "consumers"
         ],
         "additionalProperties": false
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_REQUEST"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   },
   "post": {
    "operationId": "post_api_consumers",
    "summary": "Makes a consumer.",
    "tags": [
     "consumers"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/header.Content-Encoding"
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/NewConsumer"
       }
      }
     }
    },
    "responses": {
     "201": {
      "description": "Made.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "ETag": {
        "$ref": "#/components/headers/ETag"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Consumer"
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_JSON, BAD_REQUEST, BAD_PRICE"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "409": {
      "$ref": "#/components/responses/Problem",
      "description": "CONFLICT"
     },
     "413": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_LARGE, the gateway: larger than the gateway takes"
     },
     "415": {
      "$ref": "#/components/responses/Problem",
      "description": "WRONG_MEDIA_TYPE"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/consumers/{consumer}": {
   "get": {
    "operationId": "get_api_consumers_consumer",
    "summary": "A consumer.",
    "tags": [
     "consumers"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/consumer"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "ETag": {
        "$ref": "#/components/headers/ETag"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Consumer"
        }
       }
      }
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_CONSUMER"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   },
   "patch": {
    "operationId": "patch_api_consumers_consumer",
    "summary": "Changes a consumer's grants, limits, plan, cap or free allowance; `grants` takes the place of all that it had.",
    "tags": [
     "consumers"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/consumer"
     },
     {
      "$ref": "#/components/parameters/header.If-Match"
     },
     {
      "$ref": "#/components/parameters/header.Content-Encoding"
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/ConsumerChange"
       }
      }
     }
    },
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "ETag": {
        "$ref": "#/components/headers/ETag"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/ChangedConsumer"
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_JSON, BAD_REQUEST, BAD_PRICE"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_CONSUMER"
     },
     "409": {
      "$ref": "#/components/responses/Problem",
      "description": "CONFLICT, CAP_BELOW_SPENT"
     },
     "412": {
      "$ref": "#/components/responses/Problem",
      "description": "STALE"
     },
     "413": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_LARGE, the gateway: larger than the gateway takes"
     },
     "415": {
      "$ref": "#/components/responses/Problem",
      "description": "WRONG_MEDIA_TYPE"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   },
   "delete": {
    "operationId": "delete_api_consumers_consumer",
    "summary": "Removes a consumer; its usage, balances and credits stay readable.",
    "tags": [
     "consumers"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/consumer"
     },
     {
      "$ref": "#/components/parameters/header.If-Match"
     }
    ],
    "responses": {
     "204": {
      "description": "Done.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      }
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_CONSUMER"
     },
     "409": {
      "$ref": "#/components/responses/Problem",
      "description": "CONFLICT"
     },
     "412": {
      "$ref": "#/components/responses/Problem",
      "description": "STALE"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/consumers/{consumer}/keys": {
   "get": {
    "operationId": "get_api_consumers_consumer_keys",
    "summary": "Keys of a consumer, without their secrets.",
    "tags": [
     "consumers"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/consumer"
     },
     {
      "$ref": "#/components/parameters/query.limit"
     },
     {
      "$ref": "#/components/parameters/query.next"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "keys": {
           "type": "array",
           "items": {
            "type": "object",
            "properties": {
             "id": {
              "type": "string"
             },
             "name": {
              "type": "string"
             },
             "grants": {
              "type": "array",
              "items": {
               "type": "string"
              }
             },
             "scopes": {
              "type": "array",
              "items": {
               "type": "string",
               "enum": [
                "predict",
                "explain",
                "batches",
                "usage",
                "keys"
               ]
              }
             },
             "ipRanges": {
              "type": "array",
              "items": {
               "type": "string"
              }
             },
             "limits": {
              "$ref": "#/components/schemas/Limits"
             },
             "limit": {
              "type": "string",
              "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
             },
             "createdAt": {
              "type": "string",
              "format": "date-time"
             },
             "lastUsed": {
              "type": "string",
              "format": "date"
             },
             "expires": {
              "type": "string",
              "format": "date-time"
             },
             "rotatedTo": {
              "type": "string"
             },
             "revoked": {
              "type": "string",
              "format": "date-time"
             }
            },
            "required": [
             "id",
             "createdAt"
            ],
            "additionalProperties": false
           }
          },
          "next": {
           "type": "string"
          }
         },
         "required": [
          "keys"
         ],
         "additionalProperties": false
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_REQUEST"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_CONSUMER"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   },
   "post": {
    "operationId": "post_api_consumers_consumer_keys",
    "summary": "Makes a key; its secret is in this answer only.",
    "tags": [
     "consumers"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/consumer"
     },
     {
      "$ref": "#/components/parameters/header.Content-Encoding"
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/NewKey"
       }
      }
     }
    },
    "responses": {
     "201": {
      "description": "Made.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/KeySecret"
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_JSON, BAD_REQUEST, BAD_PRICE"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_CONSUMER"
     },
     "413": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_LARGE, the gateway: larger than the gateway takes"
     },
     "415": {
      "$ref": "#/components/responses/Problem",
      "description": "WRONG_MEDIA_TYPE"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/consumers/{consumer}/keys/{key}/rotate": {
   "post": {
    "operationId": "post_api_consumers_consumer_keys_key_rotate",
    "summary": "Makes a key that takes the place of another, which goes on for the overlap.",
    "tags": [
     "consumers"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/consumer"
     },
     {
      "$ref": "#/components/parameters/key"
     },
     {
      "$ref": "#/components/parameters/header.Content-Encoding"
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/KeyRotation"
       }
      }
     }
    },
    "responses": {
     "201": {
      "description": "Made.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/RotatedKey"
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_JSON, BAD_REQUEST"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_CONSUMER, UNKNOWN_KEY_ID"
     },
     "409": {
      "$ref": "#/components/responses/Problem",
      "description": "CONFLICT"
     },
     "413": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_LARGE, the gateway: larger than the gateway takes"
     },
     "415": {
      "$ref": "#/components/responses/Problem",
      "description": "WRONG_MEDIA_TYPE"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/consumers/{consumer}/keys/{key}": {
   "delete": {
    "operationId": "delete_api_consumers_consumer_keys_key",
    "summary": "Revokes a key, everywhere within 60 seconds.",
    "tags": [
     "consumers"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/consumer"
     },
     {
      "$ref": "#/components/parameters/key"
     }
    ],
    "responses": {
     "204": {
      "description": "Done.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      }
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_CONSUMER, UNKNOWN_KEY_ID"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/consumers/{consumer}/credits": {
   "get": {
    "operationId": "get_api_consumers_consumer_credits",
    "summary": "Credits of a consumer, latest ids first.",
    "tags": [
     "consumers"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/consumer"
     },
     {
      "$ref": "#/components/parameters/query.limit"
     },
     {
      "$ref": "#/components/parameters/query.next"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "credits": {
           "type": "array",
           "items": {
            "$ref": "#/components/schemas/Credit"
           }
          },
          "next": {
           "type": "string"
          }
         },
         "required": [
          "credits"
         ],
         "additionalProperties": false
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_REQUEST"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_CONSUMER"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   },
   "post": {
    "operationId": "post_api_consumers_consumer_credits",
    "summary": "Gives credit to a prepaid balance, once for its id, or without one for its Idempotency-Key.",
    "tags": [
     "consumers"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/consumer"
     },
     {
      "$ref": "#/components/parameters/header.Idempotency-Key"
     },
     {
      "$ref": "#/components/parameters/header.Content-Encoding"
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/NewCredit"
       }
      }
     }
    },
    "responses": {
     "200": {
      "description": "It was given before.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Credit"
        }
       }
      }
     },
     "201": {
      "description": "Made.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Credit"
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_JSON, BAD_REQUEST, BAD_PRICE, CREDIT_TOO_LARGE"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_CONSUMER"
     },
     "409": {
      "$ref": "#/components/responses/Problem",
      "description": "CONFLICT"
     },
     "413": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_LARGE, the gateway: larger than the gateway takes"
     },
     "415": {
      "$ref": "#/components/responses/Problem",
      "description": "WRONG_MEDIA_TYPE"
     },
     "422": {
      "$ref": "#/components/responses/Problem",
      "description": "IDEMPOTENCY_KEY_REUSED"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, OUTCOME_UNKNOWN, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/consumers/{consumer}/invoices": {
   "get": {
    "operationId": "get_api_consumers_consumer_invoices",
    "summary": "Invoices of a consumer, newest first: drafts of open months, final ones with their numbers.",
    "tags": [
     "consumers"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/consumer"
     },
     {
      "$ref": "#/components/parameters/query.limit"
     },
     {
      "$ref": "#/components/parameters/query.next"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "invoices": {
           "type": "array",
           "items": {
            "type": "object",
            "properties": {
             "month": {
              "type": "string"
             },
             "state": {
              "type": "string",
              "enum": [
               "draft",
               "final"
              ]
             },
             "number": {
              "type": "integer"
             },
             "currency": {
              "type": "string"
             },
             "total": {
              "type": "string",
              "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
             },
             "due": {
              "type": "string",
              "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
             }
            },
            "required": [
             "month",
             "state"
            ],
            "additionalProperties": false
           }
          },
          "next": {
           "type": "string"
          }
         },
         "required": [
          "invoices"
         ],
         "additionalProperties": false
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_REQUEST"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_CONSUMER, UNKNOWN_INVOICE"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/consumers/{consumer}/invoices/{month}": {
   "get": {
    "operationId": "get_api_consumers_consumer_invoices_month",
    "summary": "The invoice of a month; a printable page where Accept has text/html.",
    "tags": [
     "consumers"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/consumer"
     },
     {
      "$ref": "#/components/parameters/month"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Invoice"
        }
       },
       "text/html": {
        "schema": {
         "type": "string"
        }
       }
      }
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_CONSUMER, UNKNOWN_INVOICE"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/me/invoices": {
   "get": {
    "operationId": "get_api_me_invoices",
    "summary": "Invoices of the calling key's consumer.",
    "tags": [
     "consumers"
    ],
    "x-percall-access": "key",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/query.limit"
     },
     {
      "$ref": "#/components/parameters/query.next"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "RateLimit-Policy": {
        "$ref": "#/components/headers/RateLimit-Policy"
       },
       "RateLimit": {
        "$ref": "#/components/headers/RateLimit"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "invoices": {
           "type": "array",
           "items": {
            "type": "object",
            "properties": {
             "month": {
              "type": "string"
             },
             "state": {
              "type": "string",
              "enum": [
               "draft",
               "final"
              ]
             },
             "number": {
              "type": "integer"
             },
             "currency": {
              "type": "string"
             },
             "total": {
              "type": "string",
              "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
             },
             "due": {
              "type": "string",
              "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
             }
            },
            "required": [
             "month",
             "state"
            ],
            "additionalProperties": false
           }
          },
          "next": {
           "type": "string"
          }
         },
         "required": [
          "invoices"
         ],
         "additionalProperties": false
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_REQUEST"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OUT_OF_SCOPE"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_INVOICE"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_MANY_REQUESTS, the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/me/invoices/{month}": {
   "get": {
    "operationId": "get_api_me_invoices_month",
    "summary": "One of them, as JSON or as a printable page.",
    "tags": [
     "consumers"
    ],
    "x-percall-access": "key",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/month"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "RateLimit-Policy": {
        "$ref": "#/components/headers/RateLimit-Policy"
       },
       "RateLimit": {
        "$ref": "#/components/headers/RateLimit"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Invoice"
        }
       },
       "text/html": {
        "schema": {
         "type": "string"
        }
       }
      }
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OUT_OF_SCOPE"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_INVOICE"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_MANY_REQUESTS, the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/consumers/{consumer}/adjustments": {
   "get": {
    "operationId": "get_api_consumers_consumer_adjustments",
    "summary": "What was added to invoices of a consumer, or taken away.",
    "tags": [
     "consumers"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/consumer"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "adjustments": {
           "type": "array",
           "items": {
            "$ref": "#/components/schemas/Adjustment"
           }
          }
         },
         "required": [
          "adjustments"
         ],
         "additionalProperties": false
        }
       }
      }
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_CONSUMER"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   },
   "post": {
    "operationId": "post_api_consumers_consumer_adjustments",
    "summary": "Adds an amount to an invoice that is not final, or takes it away; once for its Idempotency-Key.",
    "tags": [
     "consumers"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/consumer"
     },
     {
      "$ref": "#/components/parameters/header.Idempotency-Key"
     },
     {
      "$ref": "#/components/parameters/header.Content-Encoding"
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/NewAdjustment"
       }
      }
     }
    },
    "responses": {
     "200": {
      "description": "It was made before.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Adjustment"
        }
       }
      }
     },
     "201": {
      "description": "Made.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Adjustment"
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_JSON, BAD_REQUEST, BAD_PRICE"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_CONSUMER"
     },
     "409": {
      "$ref": "#/components/responses/Problem",
      "description": "CONFLICT"
     },
     "413": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_LARGE, the gateway: larger than the gateway takes"
     },
     "415": {
      "$ref": "#/components/responses/Problem",
      "description": "WRONG_MEDIA_TYPE"
     },
     "422": {
      "$ref": "#/components/responses/Problem",
      "description": "IDEMPOTENCY_KEY_REUSED"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/exports": {
   "get": {
    "operationId": "get_api_exports",
    "summary": "Where usage is exported to, how far each receiver is told of it, and what it refused.",
    "tags": [
     "consumers"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "exports": {
           "type": "array",
           "items": {
            "type": "object",
            "properties": {
             "name": {
              "type": "string",
              "enum": [
               "events",
               "stripe",
               "marketplace"
              ]
             },
             "on": {
              "type": "boolean"
             },
             "done": {
              "type": "integer"
             },
             "folded": {
              "type": "integer"
             },
             "refused": {
              "type": "array",
              "items": {
               "type": "object",
               "properties": {
                "id": {
                 "type": "string"
                },
                "reason": {
                 "type": "string"
                }
               },
               "required": [
                "id",
                "reason"
               ],
               "additionalProperties": false
              }
             }
            },
            "required": [
             "name",
             "on",
             "done",
             "folded",
             "refused"
            ],
            "additionalProperties": false
           }
          }
         },
         "required": [
          "exports"
         ],
         "additionalProperties": false
        }
       }
      }
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/exports/stripe/key": {
   "put": {
    "operationId": "put_api_exports_stripe_key",
    "summary": "Sets the key that meter events are sent to Stripe with; nothing answers it again.",
    "tags": [
     "consumers"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/header.Content-Encoding"
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "type": "object",
        "properties": {
         "key": {
          "type": "string",
          "pattern": "^(?:sk|rk)_\\w{8,250}$"
         }
        },
        "required": [
         "key"
        ],
        "additionalProperties": false
       }
      }
     }
    },
    "responses": {
     "204": {
      "description": "Done.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_JSON, BAD_REQUEST"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "413": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_LARGE, the gateway: larger than the gateway takes"
     },
     "415": {
      "$ref": "#/components/responses/Problem",
      "description": "WRONG_MEDIA_TYPE"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/exports/usage.csv": {
   "get": {
    "operationId": "get_api_exports_usage_csv",
    "summary": "Usage of all consumers as CSV, page by page: all pages one after another are the file.",
    "tags": [
     "consumers"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/query.from"
     },
     {
      "$ref": "#/components/parameters/query.to"
     },
     {
      "$ref": "#/components/parameters/query.detail"
     },
     {
      "$ref": "#/components/parameters/query.next"
     },
     {
      "$ref": "#/components/parameters/header.Accept-Encoding"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "Link": {
        "$ref": "#/components/headers/Link"
       }
      },
      "content": {
       "text/csv": {
        "schema": {
         "type": "string"
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_REQUEST"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/consumers/{consumer}/usage": {
   "get": {
    "operationId": "get_api_consumers_consumer_usage",
    "summary": "What a consumer used, of at most 366 days; as CSV every line at once.",
    "tags": [
     "consumers"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/consumer"
     },
     {
      "$ref": "#/components/parameters/query.from"
     },
     {
      "$ref": "#/components/parameters/query.to"
     },
     {
      "$ref": "#/components/parameters/query.by"
     },
     {
      "$ref": "#/components/parameters/query.limit"
     },
     {
      "$ref": "#/components/parameters/query.next"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Usage"
        }
       },
       "text/csv": {
        "schema": {
         "type": "string"
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_REQUEST"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_CONSUMER"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/usage": {
   "get": {
    "operationId": "get_api_usage",
    "summary": "What all consumers used, as the usage of one.",
    "tags": [
     "consumers"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/query.from"
     },
     {
      "$ref": "#/components/parameters/query.to"
     },
     {
      "$ref": "#/components/parameters/query.by"
     },
     {
      "$ref": "#/components/parameters/query.limit"
     },
     {
      "$ref": "#/components/parameters/query.next"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Usage"
        }
       },
       "text/csv": {
        "schema": {
         "type": "string"
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_REQUEST"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/me": {
   "get": {
    "operationId": "get_api_me",
    "summary": "The calling key: what it may call, and what its consumer used.",
    "tags": [
     "consumers"
    ],
    "x-percall-access": "key",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/query.from"
     },
     {
      "$ref": "#/components/parameters/query.to"
     },
     {
      "$ref": "#/components/parameters/query.by"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "RateLimit-Policy": {
        "$ref": "#/components/headers/RateLimit-Policy"
       },
       "RateLimit": {
        "$ref": "#/components/headers/RateLimit"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Me"
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_REQUEST"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OUT_OF_SCOPE"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_MANY_REQUESTS, the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/me/keys": {
   "get": {
    "operationId": "get_api_me_keys",
    "summary": "Keys of the calling key's consumer, without their secrets.",
    "tags": [
     "consumers"
    ],
    "x-percall-access": "key",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/query.limit"
     },
     {
      "$ref": "#/components/parameters/query.next"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "RateLimit-Policy": {
        "$ref": "#/components/headers/RateLimit-Policy"
       },
       "RateLimit": {
        "$ref": "#/components/headers/RateLimit"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "keys": {
           "type": "array",
           "items": {
            "type": "object",
            "properties": {
             "id": {
              "type": "string"
             },
             "name": {
              "type": "string"
             },
             "grants": {
              "type": "array",
              "items": {
               "type": "string"
              }
             },
             "scopes": {
              "type": "array",
              "items": {
               "type": "string",
               "enum": [
                "predict",
                "explain",
                "batches",
                "usage",
                "keys"
               ]
              }
             },
             "ipRanges": {
              "type": "array",
              "items": {
               "type": "string"
              }
             },
             "limits": {
              "$ref": "#/components/schemas/Limits"
             },
             "limit": {
              "type": "string",
              "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
             },
             "createdAt": {
              "type": "string",
              "format": "date-time"
             },
             "lastUsed": {
              "type": "string",
              "format": "date"
             },
             "expires": {
              "type": "string",
              "format": "date-time"
             },
             "rotatedTo": {
              "type": "string"
             },
             "revoked": {
              "type": "string",
              "format": "date-time"
             }
            },
            "required": [
             "id",
             "createdAt"
            ],
            "additionalProperties": false
           }
          },
          "next": {
           "type": "string"
          }
         },
         "required": [
          "keys"
         ],
         "additionalProperties": false
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_REQUEST"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OUT_OF_SCOPE"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_MANY_REQUESTS, the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   },
   "post": {
    "operationId": "post_api_me_keys",
    "summary": "Makes another key that may do no more than the calling one.",
    "tags": [
     "consumers"
    ],
    "x-percall-access": "key",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/header.Content-Encoding"
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/NewKey"
       }
      }
     }
    },
    "responses": {
     "201": {
      "description": "Made.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "RateLimit-Policy": {
        "$ref": "#/components/headers/RateLimit-Policy"
       },
       "RateLimit": {
        "$ref": "#/components/headers/RateLimit"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/KeySecret"
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_JSON, BAD_REQUEST, BAD_PRICE"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OUT_OF_SCOPE"
     },
     "413": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_LARGE, the gateway: larger than the gateway takes"
     },
     "415": {
      "$ref": "#/components/responses/Problem",
      "description": "WRONG_MEDIA_TYPE"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_MANY_REQUESTS, the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/me/keys/{key}": {
   "delete": {
    "operationId": "delete_api_me_keys_key",
    "summary": "Revokes a key that may do no more than the calling one.",
    "tags": [
     "consumers"
    ],
    "x-percall-access": "key",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/key"
     }
    ],
    "responses": {
     "204": {
      "description": "Done.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "RateLimit-Policy": {
        "$ref": "#/components/headers/RateLimit-Policy"
       },
       "RateLimit": {
        "$ref": "#/components/headers/RateLimit"
       }
      }
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OUT_OF_SCOPE, NOT_GRANTED"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_KEY_ID"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_MANY_REQUESTS, the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/prices/{model}": {
   "get": {
    "operationId": "get_api_prices_model",
    "summary": "Prices of a model: the one in force, and all.",
    "tags": [
     "consumers"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/model"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Prices"
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_NAME"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_MODEL"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   },
   "put": {
    "operationId": "put_api_prices_model",
    "summary": "Sets the price from the start of an hour on.",
    "tags": [
     "consumers"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/model"
     },
     {
      "$ref": "#/components/parameters/header.Content-Encoding"
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/NewPrice"
       }
      }
     }
    },
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "model": {
           "type": "string"
          },
          "id": {
           "type": "string"
          },
          "unit": {
           "type": "string",
           "enum": [
            "call",
            "row",
            "token",
            "explained_row"
           ]
          },
          "amount": {
           "type": "string",
           "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
          },
          "minimumPerCall": {
           "type": "string",
           "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
          },
          "freePerMonth": {
           "type": "integer"
          },
          "tiers": {
           "type": "array",
           "items": {
            "type": "object",
            "properties": {
             "from": {
              "type": "integer"
             },
             "amount": {
              "type": "string",
              "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
             }
            },
            "required": [
             "from",
             "amount"
            ],
            "additionalProperties": false
           }
          },
          "currency": {
           "type": "string"
          },
          "from": {
           "anyOf": [
            {
             "type": "string",
             "format": "date-time"
            },
            {
             "type": "null"
            }
           ]
          }
         },
         "required": [
          "model",
          "id",
          "unit",
          "amount",
          "minimumPerCall",
          "currency",
          "from"
         ],
         "additionalProperties": false
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_JSON, BAD_REQUEST, BAD_NAME, BAD_PRICE"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_MODEL"
     },
     "409": {
      "$ref": "#/components/responses/Problem",
      "description": "PRICE_TOO_LATE"
     },
     "413": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_LARGE, the gateway: larger than the gateway takes"
     },
     "415": {
      "$ref": "#/components/responses/Problem",
      "description": "WRONG_MEDIA_TYPE"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/audit": {
   "get": {
    "operationId": "get_api_audit",
    "summary": "Who changed what, when, from what to what; newest first.",
    "tags": [
     "consumers"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/query.of"
     },
     {
      "$ref": "#/components/parameters/query.actor"
     },
     {
      "$ref": "#/components/parameters/query.from"
     },
     {
      "$ref": "#/components/parameters/query.to"
     },
     {
      "$ref": "#/components/parameters/query.limit"
     },
     {
      "$ref": "#/components/parameters/query.next"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "changes": {
           "type": "array",
           "items": {
            "type": "object",
            "properties": {
             "id": {
              "type": "string"
             },
             "at": {
              "type": "string",
              "format": "date-time"
             },
             "actor": {
              "type": "string"
             },
             "action": {
              "type": "string"
             },
             "of": {
              "type": "string"
             },
             "from": {},
             "to": {}
            },
            "required": [
             "id",
             "at",
             "actor",
             "action",
             "of",
             "from",
             "to"
            ],
            "additionalProperties": false
           }
          },
          "next": {
           "type": "string"
          }
         },
         "required": [
          "changes"
         ],
         "additionalProperties": false
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_REQUEST"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/reconciliations": {
   "get": {
    "operationId": "get_api_reconciliations",
    "summary": "Reconciliations, the newest first; one is made each night.",
    "tags": [
     "consumers"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/query.limit"
     },
     {
      "$ref": "#/components/parameters/query.next"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Reconciliations"
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_REQUEST"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   },
   "post": {
    "operationId": "post_api_reconciliations",
    "summary": "Begins to compare rows, totals, records and balances, of the current month unless the body says otherwise.",
    "tags": [
     "consumers"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/header.Content-Encoding"
     }
    ],
    "requestBody": {
     "required": false,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/NewReconciliation"
       }
      }
     }
    },
    "responses": {
     "202": {
      "description": "Accepted.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "Location": {
        "$ref": "#/components/headers/Location"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Reconciliation"
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_JSON, BAD_REQUEST"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "413": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_LARGE, the gateway: larger than the gateway takes"
     },
     "415": {
      "$ref": "#/components/responses/Problem",
      "description": "WRONG_MEDIA_TYPE"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/reconciliations/{reconciliation}": {
   "get": {
    "operationId": "get_api_reconciliations_reconciliation",
    "summary": "How far a reconciliation is, and what it found.",
    "tags": [
     "consumers"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/reconciliation"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Reconciliation"
        }
       }
      }
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_RECONCILIATION"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/datasets": {
   "get": {
    "operationId": "get_api_datasets",
    "summary": "All datasets.",
    "tags": [
     "datasets"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/query.limit"
     },
     {
      "$ref": "#/components/parameters/query.next"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "datasets": {
           "type": "array",
           "items": {
            "$ref": "#/components/schemas/Dataset"
           }
          },
          "next": {
           "type": "string"
          }
         },
         "required": [
          "datasets"
         ],
         "additionalProperties": false
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_REQUEST"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   },
   "post": {
    "operationId": "post_api_datasets",
    "summary": "Makes a dataset without versions.",
    "tags": [
     "datasets"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/header.Content-Encoding"
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "type": "object",
        "properties": {
         "name": {
          "type": "string"
         }
        },
        "required": [
         "name"
        ],
        "additionalProperties": false
       }
      }
     }
    },
    "responses": {
     "201": {
      "description": "Made.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Dataset"
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_JSON, BAD_REQUEST, BAD_NAME"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "409": {
      "$ref": "#/components/responses/Problem",
      "description": "CONFLICT"
     },
     "413": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_LARGE, the gateway: larger than the gateway takes"
     },
     "415": {
      "$ref": "#/components/responses/Problem",
      "description": "WRONG_MEDIA_TYPE"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/datasets/{dataset}": {
   "get": {
    "operationId": "get_api_datasets_dataset",
    "summary": "A dataset.",
    "tags": [
     "datasets"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/dataset"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Dataset"
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_NAME"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_DATASET"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/datasets/{dataset}/versions": {
   "get": {
    "operationId": "get_api_datasets_dataset_versions",
    "summary": "Versions of a dataset.",
    "tags": [
     "datasets"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/dataset"
     },
     {
      "$ref": "#/components/parameters/query.limit"
     },
     {
      "$ref": "#/components/parameters/query.next"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "versions": {
           "type": "array",
           "items": {
            "$ref": "#/components/schemas/DatasetVersion"
           }
          },
          "next": {
           "type": "string"
          }
         },
         "required": [
          "versions"
         ],
         "additionalProperties": false
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_REQUEST, BAD_NAME"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_DATASET"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   },
   "post": {
    "operationId": "post_api_datasets_dataset_versions",
    "summary": "Adds a file of at most 4 MiB, or an upload; makes the dataset where it is new.",
    "tags": [
     "datasets"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/dataset"
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "text/csv": {
       "schema": {
        "type": "string"
       }
      },
      "application/jsonl": {
       "schema": {
        "type": "string"
       }
      },
      "application/vnd.apache.parquet": {},
      "application/json": {
       "schema": {
        "type": "object",
        "properties": {
         "upload": {
          "type": "string"
         },
         "format": {
          "type": "string",
          "enum": [
           "csv",
           "jsonl",
           "parquet"
          ]
         }
        },
        "required": [
         "upload"
        ],
        "additionalProperties": false
       }
      }
     }
    },
    "responses": {
     "200": {
      "description": "The latest version has these bytes already.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "Location": {
        "$ref": "#/components/headers/Location"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/IngestedDatasetVersion"
        }
       }
      }
     },
     "201": {
      "description": "Made.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "Location": {
        "$ref": "#/components/headers/Location"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/IngestedDatasetVersion"
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_JSON, BAD_REQUEST, BAD_NAME, BAD_TABLE, BAD_CELL"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_UPLOAD"
     },
     "413": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_LARGE, the gateway: larger than the gateway takes"
     },
     "415": {
      "$ref": "#/components/responses/Problem",
      "description": "WRONG_MEDIA_TYPE"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/datasets/{dataset}/versions/{version}": {
   "get": {
    "operationId": "get_api_datasets_dataset_versions_version",
    "summary": "A version of a dataset, without its profile.",
    "tags": [
     "datasets"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/dataset"
     },
     {
      "$ref": "#/components/parameters/version"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/DatasetVersion"
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_NAME"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_DATASET"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/uploads": {
   "post": {
    "operationId": "post_api_uploads",
    "summary": "A place for one PUT of a file that is too large for a request.",
    "tags": [
     "datasets"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/header.Content-Encoding"
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/OwnerUploadRequest"
       }
      }
     }
    },
    "responses": {
     "201": {
      "description": "Made.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Upload"
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_JSON, BAD_REQUEST"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "413": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_LARGE, the gateway: larger than the gateway takes"
     },
     "415": {
      "$ref": "#/components/responses/Problem",
      "description": "WRONG_MEDIA_TYPE"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/runs": {
   "get": {
    "operationId": "get_api_runs",
    "summary": "Runs, newest first.",
    "tags": [
     "runs"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/query.limit"
     },
     {
      "$ref": "#/components/parameters/query.next"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "runs": {
           "type": "array",
           "items": {
            "$ref": "#/components/schemas/Run"
           }
          },
          "next": {
           "type": "string"
          }
         },
         "required": [
          "runs"
         ],
         "additionalProperties": false
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_REQUEST"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   },
   "post": {
    "operationId": "post_api_runs",
    "summary": "Starts a run, or joins the one that the same request has begun.",
    "tags": [
     "runs"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/header.Content-Encoding"
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "$ref": "#/components/schemas/RunRequest"
       }
      }
     }
    },
    "responses": {
     "202": {
      "description": "Accepted.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "Location": {
        "$ref": "#/components/headers/Location"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "id": {
           "type": "string"
          },
          "state": {
           "type": "string",
           "enum": [
            "queued",
            "running",
            "succeeded",
            "rejected",
            "failed",
            "cancelled"
           ]
          },
          "joined": {
           "type": "boolean"
          }
         },
         "required": [
          "id",
          "state",
          "joined"
         ],
         "additionalProperties": false
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_JSON, BAD_REQUEST, BAD_RUN, BAD_NAME, UNKNOWN_TARGET, UNKNOWN_COLUMN"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_DATASET"
     },
     "413": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_LARGE, the gateway: larger than the gateway takes"
     },
     "415": {
      "$ref": "#/components/responses/Problem",
      "description": "WRONG_MEDIA_TYPE"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/runs/{run}": {
   "get": {
    "operationId": "get_api_runs_run",
    "summary": "How far a run is, and how it ended.",
    "tags": [
     "runs"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/run"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Run"
        }
       }
      }
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_RUN"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/runs/{run}/events": {
   "get": {
    "operationId": "get_api_runs_run_events",
    "summary": "What a run told, in order.",
    "tags": [
     "runs"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/run"
     },
     {
      "$ref": "#/components/parameters/query.after"
     },
     {
      "$ref": "#/components/parameters/query.limit"
     },
     {
      "$ref": "#/components/parameters/query.next"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "events": {
           "type": "array",
           "items": {
            "anyOf": [
             {
              "type": "object",
              "properties": {
               "sequence": {
                "type": "integer"
               },
               "at": {
                "type": "string",
                "format": "date-time"
               },
               "kind": {
                "type": "string",
                "const": "step"
               },
               "step": {
                "type": "string",
                "enum": [
                 "inspect",
                 "plan",
                 "prepare",
                 "fit",
                 "score",
                 "halve",
                 "choose",
                 "refit",
                 "export",
                 "optimise",
                 "evaluate",
                 "gate",
                 "register",
                 "promote"
                ]
               }
              },
              "required": [
               "sequence",
               "at",
               "kind",
               "step"
              ],
              "additionalProperties": false
             },
             {
              "type": "object",
              "properties": {
               "sequence": {
                "type": "integer"
               },
               "at": {
                "type": "string",
                "format": "date-time"
               },
               "kind": {
                "type": "string",
                "const": "notice"
               },
               "text": {
                "type": "string"
               }
              },
              "required": [
               "sequence",
               "at",
               "kind",
               "text"
              ],
              "additionalProperties": false
             },
             {
              "type": "object",
              "properties": {
               "sequence": {
                "type": "integer"
               },
               "at": {
                "type": "string",
                "format": "date-time"
               },
               "kind": {
                "type": "string",
                "const": "engine"
               },
               "text": {
                "type": "string"
               }
              },
              "required": [
               "sequence",
               "at",
               "kind",
               "text"
              ],
              "additionalProperties": false
             },
             {
              "type": "object",
              "properties": {
               "sequence": {
                "type": "integer"
               },
               "at": {
                "type": "string",
                "format": "date-time"
               },
               "kind": {
                "type": "string",
                "const": "progress"
               },
               "trialId": {
                "type": "string"
               },
               "progress": {
                "type": "object",
                "properties": {
                 "done": {
                  "type": "integer"
                 },
                 "of": {
                  "type": "integer"
                 },
                 "loss": {
                  "type": "number"
                 },
                 "best": {
                  "type": "number"
                 },
                 "part": {
                  "type": "string"
                 },
                 "rows": {
                  "type": "integer"
                 },
                 "leftMs": {
                  "type": "integer"
                 }
                },
                "required": [
                 "done",
                 "of"
                ],
                "additionalProperties": false
               }
              },
              "required": [
               "sequence",
               "at",
               "kind",
               "trialId",
               "progress"
              ],
              "additionalProperties": false
             },
             {
              "type": "object",
              "properties": {
               "sequence": {
                "type": "integer"
               },
               "at": {
                "type": "string",
                "format": "date-time"
               },
               "kind": {
                "type": "string",
                "const": "ended"
               },
               "state": {
                "type": "string",
                "enum": [
                 "queued",
                 "running",
                 "succeeded",
                 "rejected",
                 "failed",
                 "cancelled"
                ]
               },
               "reason": {
                "type": "string"
               }
              },
              "required": [
               "sequence",
               "at",
               "kind",
               "state"
              ],
              "additionalProperties": false
             }
            ]
           }
          },
          "next": {
           "type": "string"
          }
         },
         "required": [
          "events",
          "next"
         ],
         "additionalProperties": false
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_REQUEST"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_RUN"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/runs/{run}/leaderboard": {
   "get": {
    "operationId": "get_api_runs_run_leaderboard",
    "summary": "What each trial of a run reached.",
    "tags": [
     "runs"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/run"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "trials": {
           "type": "array",
           "items": {
            "type": "object",
            "properties": {
             "trialId": {
              "type": "string"
             },
             "algorithm": {
              "type": "string",
              "enum": [
               "linear",
               "logistic",
               "mlp",
               "gbdt",
               "forest"
              ]
             },
             "metric": {
              "type": "string",
              "enum": [
               "rmse",
               "mae",
               "medianAbsoluteError",
               "r2",
               "logLoss",
               "brier",
               "accuracy",
               "balancedAccuracy",
               "macroF1",
               "rocAuc",
               "averagePrecision",
               "pinball",
               "poissonDeviance",
               "mape"
              ]
             },
             "loss": {
              "type": "number"
             },
             "spread": {
              "type": "number"
             },
             "on": {
              "type": "string",
              "const": "out-of-fold"
             },
             "rung": {
              "type": "integer"
             },
             "iterations": {
              "type": "integer"
             },
             "fitMs": {
              "type": "integer"
             },
             "sizeBytes": {
              "type": "integer"
             },
             "weight": {
              "type": "number"
             },
             "latencyMs": {
              "type": "number"
             },
             "failure": {
              "type": "string"
             }
            },
            "required": [
             "trialId",
             "algorithm",
             "metric",
             "on",
             "rung",
             "fitMs"
            ],
            "additionalProperties": false
           }
          }
         },
         "required": [
          "trials"
         ],
         "additionalProperties": false
        }
       }
      }
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_RUN"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/runs/{run}/cancel": {
   "post": {
    "operationId": "post_api_runs_run_cancel",
    "summary": "Cancels a run.",
    "tags": [
     "runs"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/run"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "$ref": "#/components/schemas/Run"
        }
       }
      }
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_RUN"
     },
     "409": {
      "$ref": "#/components/responses/Problem",
      "description": "RUN_ENDED"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/triggers": {
   "get": {
    "operationId": "get_api_triggers",
    "summary": "What starts runs by itself, by model.",
    "tags": [
     "triggers"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/query.limit"
     },
     {
      "$ref": "#/components/parameters/query.next"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "triggers": {
           "type": "array",
           "items": {
            "type": "object",
            "properties": {
             "model": {
              "type": "string"
             },
             "run": {
              "type": "object",
              "properties": {
               "dataset": {
                "type": "string"
               },
               "target": {
                "type": "string"
               },
               "task": {
                "type": "string",
                "enum": [
                 "regression",
                 "binary",
                 "multiclass"
                ]
               },
               "algorithms": {
                "default": [
                 "auto"
                ],
                "minItems": 1,
                "type": "array",
                "items": {
                 "type": "string",
                 "enum": [
                  "auto",
                  "linear",
                  "logistic",
                  "mlp",
                  "gbdt",
                  "forest"
                 ]
                }
               },
               "parameters": {
                "default": {},
                "type": "object",
                "propertyNames": {
                 "type": "string",
                 "enum": [
                  "linear",
                  "logistic",
                  "mlp",
                  "gbdt",
                  "forest"
                 ]
                },
                "additionalProperties": {
                 "type": "object",
                 "propertyNames": {
                  "type": "string"
                 },
                 "additionalProperties": {}
                }
               },
               "preprocess": {
                "default": "auto",
                "type": "string",
                "enum": [
                 "auto",
                 "none"
                ]
               },
               "columns": {
                "default": {},
                "type": "object",
                "propertyNames": {
                 "type": "string"
                },
                "additionalProperties": {
                 "type": "object",
                 "properties": {
                  "kind": {
                   "type": "string",
                   "enum": [
                    "numeric",
                    "integer",
                    "boolean",
                    "category",
                    "ordinal",
                    "text",
                    "date"
                   ]
                  },
                  "format": {
                   "type": "string"
                  },
                  "drop": {
                   "type": "boolean"
                  }
                 },
                 "additionalProperties": false
                }
               },
               "positive": {
                "type": [
                 "string",
                 "number",
                 "boolean"
                ]
               },
               "weight": {
                "type": "string"
               },
               "classWeight": {
                "anyOf": [
                 {
                  "type": "string",
                  "const": "balanced"
                 },
                 {
                  "type": "object",
                  "propertyNames": {
                   "type": "string"
                  },
                  "additionalProperties": {
                   "type": "number",
                   "exclusiveMinimum": 0
                  }
                 }
                ]
               },
               "split": {
                "default": {
                 "method": "random"
                },
                "type": "object",
                "properties": {
                 "method": {
                  "default": "random",
                  "type": "string",
                  "enum": [
                   "random",
                   "stratified",
                   "time",
                   "group",
                   "none"
                  ]
                 },
                 "key": {
                  "type": "string"
                 },
                 "column": {
                  "type": "string"
                 },
                 "gap": {
                  "type": "string",
                  "pattern": "^(\\d{1,9})(ms|s|m|h|d)$"
                 }
                },
                "required": [
                 "method"
                ],
                "additionalProperties": false
               },
               "metric": {
                "type": "string",
                "enum": [
                 "rmse",
                 "mae",
                 "medianAbsoluteError",
                 "r2",
                 "logLoss",
                 "brier",
                 "accuracy",
                 "balancedAccuracy",
                 "macroF1",
                 "rocAuc",
                 "averagePrecision"
                ]
               },
               "gate": {
                "default": "auto",
                "type": "string",
                "enum": [
                 "auto",
                 "better",
                 "none"
                ]
               },
               "threshold": {
                "type": "string",
                "pattern": "^(f1|cost:(\\d+(?:\\.\\d+)?),(\\d+(?:\\.\\d+)?))$"
               },
               "interval": {
                "type": "number",
                "exclusiveMinimum": 0,
                "exclusiveMaximum": 1
               },
               "budget": {
                "type": "string",
                "pattern": "^(\\d{1,9})(ms|s|m|h|d)$"
               },
               "limits": {
                "type": "object",
                "properties": {
                 "latencyMs": {
                  "type": "number",
                  "exclusiveMinimum": 0
                 },
                 "sizeBytes": {
                  "type": "integer",
                  "exclusiveMinimum": 0
                 }
                },
                "additionalProperties": false
               },
               "ensemble": {
                "type": "boolean"
               },
               "optimise": {
                "default": "exact",
                "type": "string",
                "pattern": "^(?:exact|(?:smallest|fastest):\\d{1,2}(?:\\.\\d{1,4})?%)$"
               },
               "seed": {
                "default": 0,
                "type": "integer",
                "minimum": 0
               },
               "promote": {
                "default": true,
                "type": "boolean"
               },
               "fresh": {
                "default": false,
                "type": "boolean"
               },
               "engine": {
                "default": "auto",
                "type": "string",
                "enum": [
                 "auto",
                 "lambda",
                 "batch",
                 "sagemaker"
                ]
               }
              },
              "required": [
               "dataset",
               "target",
               "algorithms",
               "parameters",
               "preprocess",
               "columns",
               "split",
               "gate",
               "optimise",
               "seed",
               "promote",
               "fresh",
               "engine"
              ],
              "additionalProperties": false
             },
             "onDataset": {
              "type": "boolean"
             },
             "schedule": {
              "type": "string"
             },
             "nextDueAt": {
              "type": "string",
              "format": "date-time"
             },
             "enabled": {
              "type": "boolean"
             },
             "createdAt": {
              "type": "string",
              "format": "date-time"
             }
            },
            "required": [
             "model",
             "run",
             "onDataset",
             "enabled",
             "createdAt"
            ],
            "additionalProperties": false
           }
          },
          "next": {
           "type": "string"
          }
         },
         "required": [
          "triggers"
         ],
         "additionalProperties": false
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_REQUEST"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/triggers/{model}": {
   "get": {
    "operationId": "get_api_triggers_model",
    "summary": "A model's trigger.",
    "tags": [
     "triggers"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/model"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "ETag": {
        "$ref": "#/components/headers/ETag"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "model": {
           "type": "string"
          },
          "run": {
           "type": "object",
           "properties": {
            "dataset": {
             "type": "string"
            },
            "target": {
             "type": "string"
            },
            "task": {
             "type": "string",
             "enum": [
              "regression",
              "binary",
              "multiclass"
             ]
            },
            "algorithms": {
             "default": [
              "auto"
             ],
             "minItems": 1,
             "type": "array",
             "items": {
              "type": "string",
              "enum": [
               "auto",
               "linear",
               "logistic",
               "mlp",
               "gbdt",
               "forest"
              ]
             }
            },
            "parameters": {
             "default": {},
             "type": "object",
             "propertyNames": {
              "type": "string",
              "enum": [
               "linear",
               "logistic",
               "mlp",
               "gbdt",
               "forest"
              ]
             },
             "additionalProperties": {
              "type": "object",
              "propertyNames": {
               "type": "string"
              },
              "additionalProperties": {}
             }
            },
            "preprocess": {
             "default": "auto",
             "type": "string",
             "enum": [
              "auto",
              "none"
             ]
            },
            "columns": {
             "default": {},
             "type": "object",
             "propertyNames": {
              "type": "string"
             },
             "additionalProperties": {
              "type": "object",
              "properties": {
               "kind": {
                "type": "string",
                "enum": [
                 "numeric",
                 "integer",
                 "boolean",
                 "category",
                 "ordinal",
                 "text",
                 "date"
                ]
               },
               "format": {
                "type": "string"
               },
               "drop": {
                "type": "boolean"
               }
              },
              "additionalProperties": false
             }
            },
            "positive": {
             "type": [
              "string",
              "number",
              "boolean"
             ]
            },
            "weight": {
             "type": "string"
            },
            "classWeight": {
             "anyOf": [
              {
               "type": "string",
               "const": "balanced"
              },
              {
               "type": "object",
               "propertyNames": {
                "type": "string"
               },
               "additionalProperties": {
                "type": "number",
                "exclusiveMinimum": 0
               }
              }
             ]
            },
            "split": {
             "default": {
              "method": "random"
             },
             "type": "object",
             "properties": {
              "method": {
               "default": "random",
               "type": "string",
               "enum": [
                "random",
                "stratified",
                "time",
                "group",
                "none"
               ]
              },
              "key": {
               "type": "string"
              },
              "column": {
               "type": "string"
              },
              "gap": {
               "type": "string",
               "pattern": "^(\\d{1,9})(ms|s|m|h|d)$"
              }
             },
             "required": [
              "method"
             ],
             "additionalProperties": false
            },
            "metric": {
             "type": "string",
             "enum": [
              "rmse",
              "mae",
              "medianAbsoluteError",
              "r2",
              "logLoss",
              "brier",
              "accuracy",
              "balancedAccuracy",
              "macroF1",
              "rocAuc",
              "averagePrecision"
             ]
            },
            "gate": {
             "default": "auto",
             "type": "string",
             "enum": [
              "auto",
              "better",
              "none"
             ]
            },
            "threshold": {
             "type": "string",
             "pattern": "^(f1|cost:(\\d+(?:\\.\\d+)?),(\\d+(?:\\.\\d+)?))$"
            },
            "interval": {
             "type": "number",
             "exclusiveMinimum": 0,
             "exclusiveMaximum": 1
            },
            "budget": {
             "type": "string",
             "pattern": "^(\\d{1,9})(ms|s|m|h|d)$"
            },
            "limits": {
             "type": "object",
             "properties": {
              "latencyMs": {
               "type": "number",
               "exclusiveMinimum": 0
              },
              "sizeBytes": {
               "type": "integer",
               "exclusiveMinimum": 0
              }
             },
             "additionalProperties": false
            },
            "ensemble": {
             "type": "boolean"
            },
            "optimise": {
             "default": "exact",
             "type": "string",
             "pattern": "^(?:exact|(?:smallest|fastest):\\d{1,2}(?:\\.\\d{1,4})?%)$"
            },
            "seed": {
             "default": 0,
             "type": "integer",
             "minimum": 0
            },
            "promote": {
             "default": true,
             "type": "boolean"
            },
            "fresh": {
             "default": false,
             "type": "boolean"
            },
            "engine": {
             "default": "auto",
             "type": "string",
             "enum": [
              "auto",
              "lambda",
              "batch",
              "sagemaker"
             ]
            }
           },
           "required": [
            "dataset",
            "target",
            "algorithms",
            "parameters",
            "preprocess",
            "columns",
            "split",
            "gate",
            "optimise",
            "seed",
            "promote",
            "fresh",
            "engine"
           ],
           "additionalProperties": false
          },
          "onDataset": {
           "type": "boolean"
          },
          "schedule": {
           "type": "string"
          },
          "nextDueAt": {
           "type": "string",
           "format": "date-time"
          },
          "enabled": {
           "type": "boolean"
          },
          "createdAt": {
           "type": "string",
           "format": "date-time"
          }
         },
         "required": [
          "model",
          "run",
          "onDataset",
          "enabled",
          "createdAt"
         ],
         "additionalProperties": false
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_NAME"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_TRIGGER"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   },
   "put": {
    "operationId": "put_api_triggers_model",
    "summary": "Starts a model's runs on new objects of a dataset, by a schedule in UTC, or both.",
    "tags": [
     "triggers"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/model"
     },
     {
      "$ref": "#/components/parameters/header.Content-Encoding"
     },
     {
      "$ref": "#/components/parameters/header.If-Match"
     }
    ],
    "requestBody": {
     "required": true,
     "content": {
      "application/json": {
       "schema": {
        "type": "object",
        "properties": {
         "run": {
          "type": "object",
          "properties": {
           "dataset": {
            "type": "string"
           },
           "target": {
            "type": "string"
           },
           "task": {
            "type": "string",
            "enum": [
             "regression",
             "binary",
             "multiclass"
            ]
           },
           "algorithms": {
            "default": [
             "auto"
            ],
            "minItems": 1,
            "type": "array",
            "items": {
             "type": "string",
             "enum": [
              "auto",
              "linear",
              "logistic",
              "mlp",
              "gbdt",
              "forest"
             ]
            }
           },
           "parameters": {
            "default": {},
            "type": "object",
            "propertyNames": {
             "type": "string",
             "enum": [
              "linear",
              "logistic",
              "mlp",
              "gbdt",
              "forest"
             ]
            },
            "additionalProperties": {
             "type": "object",
             "propertyNames": {
              "type": "string"
             },
             "additionalProperties": {}
            }
           },
           "preprocess": {
            "default": "auto",
            "type": "string",
            "enum": [
             "auto",
             "none"
            ]
           },
           "columns": {
            "default": {},
            "type": "object",
            "propertyNames": {
             "type": "string"
            },
            "additionalProperties": {
             "type": "object",
             "properties": {
              "kind": {
               "type": "string",
               "enum": [
                "numeric",
                "integer",
                "boolean",
                "category",
                "ordinal",
                "text",
                "date"
               ]
              },
              "format": {
               "type": "string"
              },
              "drop": {
               "type": "boolean"
              }
             },
             "additionalProperties": false
            }
           },
           "positive": {
            "type": [
             "string",
             "number",
             "boolean"
            ]
           },
           "weight": {
            "type": "string"
           },
           "classWeight": {
            "anyOf": [
             {
              "type": "string",
              "const": "balanced"
             },
             {
              "type": "object",
              "propertyNames": {
               "type": "string"
              },
              "additionalProperties": {
               "type": "number",
               "exclusiveMinimum": 0
              }
             }
            ]
           },
           "split": {
            "default": {
             "method": "random"
            },
            "type": "object",
            "properties": {
             "method": {
              "default": "random",
              "type": "string",
              "enum": [
               "random",
               "stratified",
               "time",
               "group",
               "none"
              ]
             },
             "key": {
              "type": "string"
             },
             "column": {
              "type": "string"
             },
             "gap": {
              "type": "string",
              "pattern": "^(\\d{1,9})(ms|s|m|h|d)$"
             }
            },
            "additionalProperties": false
           },
           "metric": {
            "type": "string",
            "enum": [
             "rmse",
             "mae",
             "medianAbsoluteError",
             "r2",
             "logLoss",
             "brier",
             "accuracy",
             "balancedAccuracy",
             "macroF1",
             "rocAuc",
             "averagePrecision"
            ]
           },
           "gate": {
            "default": "auto",
            "type": "string",
            "enum": [
             "auto",
             "better",
             "none"
            ]
           },
           "threshold": {
            "type": "string",
            "pattern": "^(f1|cost:(\\d+(?:\\.\\d+)?),(\\d+(?:\\.\\d+)?))$"
           },
           "interval": {
            "type": "number",
            "exclusiveMinimum": 0,
            "exclusiveMaximum": 1
           },
           "budget": {
            "type": "string",
            "pattern": "^(\\d{1,9})(ms|s|m|h|d)$"
           },
           "limits": {
            "type": "object",
            "properties": {
             "latencyMs": {
              "type": "number",
              "exclusiveMinimum": 0
             },
             "sizeBytes": {
              "type": "integer",
              "exclusiveMinimum": 0
             }
            },
            "additionalProperties": false
           },
           "ensemble": {
            "type": "boolean"
           },
           "optimise": {
            "default": "exact",
            "type": "string",
            "pattern": "^(?:exact|(?:smallest|fastest):\\d{1,2}(?:\\.\\d{1,4})?%)$"
           },
           "seed": {
            "default": 0,
            "type": "integer",
            "minimum": 0
           },
           "promote": {
            "default": true,
            "type": "boolean"
           },
           "fresh": {
            "default": false,
            "type": "boolean"
           },
           "engine": {
            "default": "auto",
            "type": "string",
            "enum": [
             "auto",
             "lambda",
             "batch",
             "sagemaker"
            ]
           }
          },
          "required": [
           "dataset",
           "target"
          ],
          "additionalProperties": false
         },
         "onDataset": {
          "default": false,
          "type": "boolean"
         },
         "schedule": {
          "type": "string",
          "maxLength": 256
         },
         "enabled": {
          "default": true,
          "type": "boolean"
         }
        },
        "required": [
         "run"
        ],
        "additionalProperties": false
       }
      }
     }
    },
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       },
       "ETag": {
        "$ref": "#/components/headers/ETag"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "model": {
           "type": "string"
          },
          "run": {
           "type": "object",
           "properties": {
            "dataset": {
             "type": "string"
            },
            "target": {
             "type": "string"
            },
            "task": {
             "type": "string",
             "enum": [
              "regression",
              "binary",
              "multiclass"
             ]
            },
            "algorithms": {
             "default": [
              "auto"
             ],
             "minItems": 1,
             "type": "array",
             "items": {
              "type": "string",
              "enum": [
               "auto",
               "linear",
               "logistic",
               "mlp",
               "gbdt",
               "forest"
              ]
             }
            },
            "parameters": {
             "default": {},
             "type": "object",
             "propertyNames": {
              "type": "string",
              "enum": [
               "linear",
               "logistic",
               "mlp",
               "gbdt",
               "forest"
              ]
             },
             "additionalProperties": {
              "type": "object",
              "propertyNames": {
               "type": "string"
              },
              "additionalProperties": {}
             }
            },
            "preprocess": {
             "default": "auto",
             "type": "string",
             "enum": [
              "auto",
              "none"
             ]
            },
            "columns": {
             "default": {},
             "type": "object",
             "propertyNames": {
              "type": "string"
             },
             "additionalProperties": {
              "type": "object",
              "properties": {
               "kind": {
                "type": "string",
                "enum": [
                 "numeric",
                 "integer",
                 "boolean",
                 "category",
                 "ordinal",
                 "text",
                 "date"
                ]
               },
               "format": {
                "type": "string"
               },
               "drop": {
                "type": "boolean"
               }
              },
              "additionalProperties": false
             }
            },
            "positive": {
             "type": [
              "string",
              "number",
              "boolean"
             ]
            },
            "weight": {
             "type": "string"
            },
            "classWeight": {
             "anyOf": [
              {
               "type": "string",
               "const": "balanced"
              },
              {
               "type": "object",
               "propertyNames": {
                "type": "string"
               },
               "additionalProperties": {
                "type": "number",
                "exclusiveMinimum": 0
               }
              }
             ]
            },
            "split": {
             "default": {
              "method": "random"
             },
             "type": "object",
             "properties": {
              "method": {
               "default": "random",
               "type": "string",
               "enum": [
                "random",
                "stratified",
                "time",
                "group",
                "none"
               ]
              },
              "key": {
               "type": "string"
              },
              "column": {
               "type": "string"
              },
              "gap": {
               "type": "string",
               "pattern": "^(\\d{1,9})(ms|s|m|h|d)$"
              }
             },
             "required": [
              "method"
             ],
             "additionalProperties": false
            },
            "metric": {
             "type": "string",
             "enum": [
              "rmse",
              "mae",
              "medianAbsoluteError",
              "r2",
              "logLoss",
              "brier",
              "accuracy",
              "balancedAccuracy",
              "macroF1",
              "rocAuc",
              "averagePrecision"
             ]
            },
            "gate": {
             "default": "auto",
             "type": "string",
             "enum": [
              "auto",
              "better",
              "none"
             ]
            },
            "threshold": {
             "type": "string",
             "pattern": "^(f1|cost:(\\d+(?:\\.\\d+)?),(\\d+(?:\\.\\d+)?))$"
            },
            "interval": {
             "type": "number",
             "exclusiveMinimum": 0,
             "exclusiveMaximum": 1
            },
            "budget": {
             "type": "string",
             "pattern": "^(\\d{1,9})(ms|s|m|h|d)$"
            },
            "limits": {
             "type": "object",
             "properties": {
              "latencyMs": {
               "type": "number",
               "exclusiveMinimum": 0
              },
              "sizeBytes": {
               "type": "integer",
               "exclusiveMinimum": 0
              }
             },
             "additionalProperties": false
            },
            "ensemble": {
             "type": "boolean"
            },
            "optimise": {
             "default": "exact",
             "type": "string",
             "pattern": "^(?:exact|(?:smallest|fastest):\\d{1,2}(?:\\.\\d{1,4})?%)$"
            },
            "seed": {
             "default": 0,
             "type": "integer",
             "minimum": 0
            },
            "promote": {
             "default": true,
             "type": "boolean"
            },
            "fresh": {
             "default": false,
             "type": "boolean"
            },
            "engine": {
             "default": "auto",
             "type": "string",
             "enum": [
              "auto",
              "lambda",
              "batch",
              "sagemaker"
             ]
            }
           },
           "required": [
            "dataset",
            "target",
            "algorithms",
            "parameters",
            "preprocess",
            "columns",
            "split",
            "gate",
            "optimise",
            "seed",
            "promote",
            "fresh",
            "engine"
           ],
           "additionalProperties": false
          },
          "onDataset": {
           "type": "boolean"
          },
          "schedule": {
           "type": "string"
          },
          "nextDueAt": {
           "type": "string",
           "format": "date-time"
          },
          "enabled": {
           "type": "boolean"
          },
          "createdAt": {
           "type": "string",
           "format": "date-time"
          }
         },
         "required": [
          "model",
          "run",
          "onDataset",
          "enabled",
          "createdAt"
         ],
         "additionalProperties": false
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_JSON, BAD_REQUEST, BAD_NAME, BAD_SCHEDULE, BAD_RUN, UNKNOWN_TARGET, UNKNOWN_COLUMN"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_DATASET"
     },
     "412": {
      "$ref": "#/components/responses/Problem",
      "description": "STALE"
     },
     "413": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "TOO_LARGE, the gateway: larger than the gateway takes"
     },
     "415": {
      "$ref": "#/components/responses/Problem",
      "description": "WRONG_MEDIA_TYPE"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   },
   "delete": {
    "operationId": "delete_api_triggers_model",
    "summary": "Removes a trigger; its runs and decisions stay.",
    "tags": [
     "triggers"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/model"
     },
     {
      "$ref": "#/components/parameters/header.If-Match"
     }
    ],
    "responses": {
     "204": {
      "description": "Done.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_NAME"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_TRIGGER"
     },
     "412": {
      "$ref": "#/components/responses/Problem",
      "description": "STALE"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/triggers/{model}/decisions": {
   "get": {
    "operationId": "get_api_triggers_model_decisions",
    "summary": "What a trigger started and skipped in the last 90 days, and why; newest first.",
    "tags": [
     "triggers"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/model"
     },
     {
      "$ref": "#/components/parameters/query.limit"
     },
     {
      "$ref": "#/components/parameters/query.next"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "decisions": {
           "type": "array",
           "items": {
            "anyOf": [
             {
              "type": "object",
              "properties": {
               "id": {
                "type": "string"
               },
               "at": {
                "type": "string",
                "format": "date-time"
               },
               "reason": {
                "anyOf": [
                 {
                  "type": "object",
                  "properties": {
                   "kind": {
                    "type": "string",
                    "const": "dataset"
                   },
                   "key": {
                    "type": "string"
                   },
                   "versionId": {
                    "type": "string"
                   },
                   "writtenAt": {
                    "type": "string",
                    "format": "date-time"
                   }
                  },
                  "required": [
                   "kind",
                   "key",
                   "writtenAt"
                  ],
                  "additionalProperties": false
                 },
                 {
                  "type": "object",
                  "properties": {
                   "kind": {
                    "type": "string",
                    "const": "schedule"
                   },
                   "dueAt": {
                    "type": "string",
                    "format": "date-time"
                   },
                   "missed": {
                    "type": "integer"
                   }
                  },
                  "required": [
                   "kind",
                   "dueAt",
                   "missed"
                  ],
                  "additionalProperties": false
                 }
                ]
               },
               "kind": {
                "type": "string",
                "const": "start"
               },
               "runId": {
                "type": "string"
               },
               "datasetVersion": {
                "type": "integer"
               }
              },
              "required": [
               "id",
               "at",
               "reason",
               "kind",
               "runId",
               "datasetVersion"
              ],
              "additionalProperties": false
             },
             {
              "type": "object",
              "properties": {
               "id": {
                "type": "string"
               },
               "at": {
                "type": "string",
                "format": "date-time"
               },
               "reason": {
                "anyOf": [
                 {
                  "type": "object",
                  "properties": {
                   "kind": {
                    "type": "string",
                    "const": "dataset"
                   },
                   "key": {
                    "type": "string"
                   },
                   "versionId": {
                    "type": "string"
                   },
                   "writtenAt": {
                    "type": "string",
                    "format": "date-time"
                   }
                  },
                  "required": [
                   "kind",
                   "key",
                   "writtenAt"
                  ],
                  "additionalProperties": false
                 },
                 {
                  "type": "object",
                  "properties": {
                   "kind": {
                    "type": "string",
                    "const": "schedule"
                   },
                   "dueAt": {
                    "type": "string",
                    "format": "date-time"
                   },
                   "missed": {
                    "type": "integer"
                   }
                  },
                  "required": [
                   "kind",
                   "dueAt",
                   "missed"
                  ],
                  "additionalProperties": false
                 }
                ]
               },
               "kind": {
                "type": "string",
                "const": "skip"
               },
               "skip": {
                "type": "string",
                "enum": [
                 "disabled",
                 "file refused",
                 "superseded",
                 "same content",
                 "no dataset version",
                 "does not fit",
                 "run is open",
                 "run has succeeded"
                ]
               },
               "why": {
                "type": "string"
               }
              },
              "required": [
               "id",
               "at",
               "reason",
               "kind",
               "skip",
               "why"
              ],
              "additionalProperties": false
             }
            ]
           }
          },
          "next": {
           "type": "string"
          }
         },
         "required": [
          "decisions"
         ],
         "additionalProperties": false
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_REQUEST, BAD_NAME"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_TRIGGER"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  },
  "/api/datasets/{dataset}/arrivals": {
   "get": {
    "operationId": "get_api_datasets_dataset_arrivals",
    "summary": "What became of the last write of each object among a dataset's incoming ones.",
    "tags": [
     "triggers"
    ],
    "x-percall-access": "owner",
    "security": [
     {
      "bearer": []
     },
     {
      "apiKey": []
     }
    ],
    "parameters": [
     {
      "$ref": "#/components/parameters/dataset"
     },
     {
      "$ref": "#/components/parameters/query.limit"
     },
     {
      "$ref": "#/components/parameters/query.next"
     }
    ],
    "responses": {
     "200": {
      "description": "The answer.",
      "headers": {
       "Percall-Request-Id": {
        "$ref": "#/components/headers/Percall-Request-Id"
       }
      },
      "content": {
       "application/json": {
        "schema": {
         "type": "object",
         "properties": {
          "arrivals": {
           "type": "array",
           "items": {
            "type": "object",
            "properties": {
             "key": {
              "type": "string"
             },
             "versionId": {
              "type": "string"
             },
             "at": {
              "type": "string",
              "format": "date-time"
             },
             "outcome": {
              "anyOf": [
               {
                "type": "object",
                "properties": {
                 "kind": {
                  "type": "string",
                  "enum": [
                   "version",
                   "same"
                  ]
                 },
                 "datasetVersion": {
                  "type": "integer"
                 }
                },
                "required": [
                 "kind",
                 "datasetVersion"
                ],
                "additionalProperties": false
               },
               {
                "type": "object",
                "properties": {
                 "kind": {
                  "type": "string",
                  "const": "refused"
                 },
                 "why": {
                  "type": "string"
                 }
                },
                "required": [
                 "kind",
                 "why"
                ],
                "additionalProperties": false
               }
              ]
             }
            },
            "required": [
             "key",
             "at",
             "outcome"
            ],
            "additionalProperties": false
           }
          },
          "next": {
           "type": "string"
          }
         },
         "required": [
          "arrivals"
         ],
         "additionalProperties": false
        }
       }
      }
     },
     "400": {
      "$ref": "#/components/responses/Problem",
      "description": "BAD_REQUEST, BAD_NAME"
     },
     "401": {
      "$ref": "#/components/responses/Problem",
      "description": "KEY_MISSING, KEY_UNKNOWN, KEY_EXPIRED, KEY_REVOKED"
     },
     "403": {
      "$ref": "#/components/responses/Problem",
      "description": "NOT_FROM_HERE, OWNER_ONLY"
     },
     "404": {
      "$ref": "#/components/responses/Problem",
      "description": "UNKNOWN_DATASET"
     },
     "429": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "the gateway: too many requests a second"
     },
     "500": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "BILLING_FIXED, INTERNAL, the gateway: the gateway failed"
     },
     "503": {
      "$ref": "#/components/responses/ProblemOrGateway",
      "description": "NOT_READY, the gateway: the service is being overrun, or did not answer within 30 s"
     }
    }
   }
  }
 },
 "components": {
  "schemas": {
   "Adjustment": {
    "type": "object",
    "properties": {
     "id": {
      "type": "string"
     },
     "month": {
      "type": "string"
     },
     "amount": {
      "type": "string",
      "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
     },
     "memo": {
      "type": "string"
     },
     "actor": {
      "type": "string"
     },
     "createdAt": {
      "type": "string",
      "format": "date-time"
     }
    },
    "required": [
     "id",
     "month",
     "amount",
     "memo",
     "actor",
     "createdAt"
    ],
    "additionalProperties": false
   },
   "Alias": {
    "type": "object",
    "properties": {
     "name": {
      "type": "string"
     },
     "alias": {
      "type": "string"
     },
     "version": {
      "type": "integer"
     },
     "movedAt": {
      "type": "string",
      "format": "date-time"
     }
    },
    "required": [
     "name",
     "alias",
     "version",
     "movedAt"
    ],
    "additionalProperties": false
   },
   "AliasChange": {
    "type": "object",
    "properties": {
     "version": {
      "type": "integer",
      "exclusiveMinimum": 0
     }
    },
    "required": [
     "version"
    ],
    "additionalProperties": false
   },
   "Batch": {
    "type": "object",
    "properties": {
     "id": {
      "type": "string"
     },
     "state": {
      "type": "string",
      "enum": [
       "queued",
       "running",
       "succeeded",
       "failed",
       "cancelled"
      ]
     },
     "model": {
      "type": "string"
     },
     "version": {
      "type": "integer"
     },
     "input": {
      "type": "string"
     },
     "format": {
      "type": "string",
      "enum": [
       "csv",
       "jsonl",
       "parquet"
      ]
     },
     "output": {
      "type": "string",
      "enum": [
       "csv",
       "jsonl"
      ]
     },
     "progress": {
      "type": "object",
      "properties": {
       "rows": {
        "type": "integer"
       },
       "rowsSucceeded": {
        "type": "integer"
       },
       "rowsFailed": {
        "type": "integer"
       },
       "shards": {
        "type": "integer"
       },
       "shardsDone": {
        "type": "integer"
       }
      },
      "required": [
       "rowsSucceeded",
       "rowsFailed"
      ],
      "additionalProperties": false
     },
     "units": {
      "type": "integer"
     },
     "cost": {
      "type": "string",
      "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
     },
     "failure": {
      "type": "object",
      "properties": {
       "code": {
        "$ref": "#/components/schemas/ErrorCode"
       },
       "cause": {
        "type": "string"
       }
      },
      "required": [
       "code",
       "cause"
      ],
      "additionalProperties": false
     },
     "createdAt": {
      "type": "string",
      "format": "date-time"
     },
     "endedAt": {
      "type": "string",
      "format": "date-time"
     },
     "links": {
      "type": "object",
      "properties": {
       "result": {
        "type": "string"
       },
       "errors": {
        "type": "string"
       }
      },
      "required": [
       "result",
       "errors"
      ],
      "additionalProperties": false
     }
    },
    "required": [
     "id",
     "state",
     "model",
     "version",
     "input",
     "format",
     "output",
     "progress",
     "units",
     "cost",
     "createdAt",
     "links"
    ],
    "additionalProperties": false
   },
   "BatchRequest": {
    "type": "object",
    "properties": {
     "model": {
      "type": "string"
     },
     "input": {
      "type": "string"
     },
     "format": {
      "type": "string",
      "enum": [
       "csv",
       "jsonl",
       "parquet"
      ]
     },
     "output": {
      "type": "string",
      "enum": [
       "csv",
       "jsonl"
      ]
     },
     "unknown": {
      "type": "string",
      "enum": [
       "refuse",
       "ignore"
      ]
     },
     "maxCost": {
      "type": "string"
     }
    },
    "required": [
     "model",
     "input",
     "format"
    ],
    "additionalProperties": false
   },
   "Call": {
    "type": "object",
    "properties": {
     "id": {
      "type": "string"
     },
     "state": {
      "type": "string",
      "enum": [
       "queued",
       "running",
       "succeeded",
       "failed",
       "cancelled"
      ]
     },
     "model": {
      "type": "string"
     },
     "version": {
      "type": "integer"
     },
     "createdAt": {
      "type": "string",
      "format": "date-time"
     },
     "startedAt": {
      "type": "string",
      "format": "date-time"
     },
     "endedAt": {
      "type": "string",
      "format": "date-time"
     },
     "units": {
      "type": "integer"
     },
     "cost": {
      "type": "string",
      "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
     },
     "result": {
      "type": "string"
     },
     "error": {
      "$ref": "#/components/schemas/Problem"
     }
    },
    "required": [
     "id",
     "state",
     "model",
     "version",
     "createdAt"
    ],
    "additionalProperties": false
   },
   "ChangedConsumer": {
    "type": "object",
    "properties": {
     "id": {
      "type": "string"
     },
     "plan": {
      "type": "string",
      "enum": [
       "postpaid",
       "prepaid",
       "postpaid-capped"
      ]
     },
     "grants": {
      "type": "array",
      "items": {
       "type": "string"
      }
     },
     "limits": {
      "$ref": "#/components/schemas/Limits"
     },
     "stripeCustomer": {
      "type": "string"
     },
     "marketplaceCustomer": {
      "type": "string"
     },
     "createdAt": {
      "type": "string",
      "format": "date-time"
     },
     "deletedAt": {
      "type": "string",
      "format": "date-time"
     },
     "capPerMonth": {
      "type": "string",
      "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
     },
     "freePerMonth": {
      "type": "string",
      "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
     },
     "balances": {
      "type": "array",
      "items": {
       "type": "object",
       "properties": {
        "kind": {
         "type": "string",
         "enum": [
          "prepaid",
          "capped",
          "free"
         ]
        },
        "total": {
         "type": "string",
         "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
        },
        "available": {
         "type": "string",
         "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
        },
        "leased": {
         "type": "string",
         "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
        },
        "spent": {
         "type": "string",
         "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
        }
       },
       "required": [
        "kind",
        "total",
        "available",
        "leased",
        "spent"
       ],
       "additionalProperties": false
      }
     },
     "grantsBefore": {
      "type": "array",
      "items": {
       "type": "string"
      }
     }
    },
    "required": [
     "id",
     "plan",
     "grants",
     "createdAt"
    ],
    "additionalProperties": false
   },
   "ColumnCodec": {
    "oneOf": [
     {
      "type": "object",
      "properties": {
       "name": {
        "type": "string"
       },
       "missing": {
        "type": "array",
        "items": {
         "type": "string"
        }
       },
       "kind": {
        "type": "string",
        "enum": [
         "numeric",
         "integer"
        ]
       },
       "datatype": {
        "type": "string",
        "enum": [
         "FP32",
         "FP64",
         "INT64"
        ]
       },
       "decimal": {
        "type": "string",
        "enum": [
         ".",
         ","
        ]
       }
      },
      "required": [
       "name",
       "missing",
       "kind",
       "datatype",
       "decimal"
      ],
      "additionalProperties": false
     },
     {
      "type": "object",
      "properties": {
       "name": {
        "type": "string"
       },
       "missing": {
        "type": "array",
        "items": {
         "type": "string"
        }
       },
       "kind": {
        "type": "string",
        "const": "boolean"
       },
       "datatype": {
        "type": "string",
        "const": "FP32"
       },
       "true": {
        "type": "array",
        "items": {
         "type": "string"
        }
       },
       "false": {
        "type": "array",
        "items": {
         "type": "string"
        }
       }
      },
      "required": [
       "name",
       "missing",
       "kind",
       "datatype",
       "true",
       "false"
      ],
      "additionalProperties": false
     },
     {
      "type": "object",
      "properties": {
       "name": {
        "type": "string"
       },
       "missing": {
        "type": "array",
        "items": {
         "type": "string"
        }
       },
       "kind": {
        "type": "string",
        "const": "category"
       },
       "datatype": {
        "type": "string",
        "const": "BYTES"
       },
       "case": {
        "type": "string",
        "enum": [
         "keep",
         "lower"
        ]
       },
       "numbers": {
        "type": "string",
        "enum": [
         "keep",
         "canonical"
        ]
       }
      },
      "required": [
       "name",
       "missing",
       "kind",
       "datatype",
       "case",
       "numbers"
      ],
      "additionalProperties": false
     },
     {
      "type": "object",
      "properties": {
       "name": {
        "type": "string"
       },
       "missing": {
        "type": "array",
        "items": {
         "type": "string"
        }
       },
       "kind": {
        "type": "string",
        "const": "ordinal"
       },
       "datatype": {
        "type": "string",
        "const": "BYTES"
       },
       "levels": {
        "type": "array",
        "items": {
         "type": "string"
        }
       },
       "case": {
        "type": "string",
        "enum": [
         "keep",
         "lower"
        ]
       },
       "numbers": {
        "type": "string",
        "enum": [
         "keep",
         "canonical"
        ]
       }
      },
      "required": [
       "name",
       "missing",
       "kind",
       "datatype",
       "levels",
       "case",
       "numbers"
      ],
      "additionalProperties": false
     },
     {
      "type": "object",
      "properties": {
       "name": {
        "type": "string"
       },
       "missing": {
        "type": "array",
        "items": {
         "type": "string"
        }
       },
       "kind": {
        "type": "string",
        "const": "text"
       },
       "datatype": {
        "type": "string",
        "const": "BYTES"
       },
       "tokens": {
        "type": "string",
        "enum": [
         "words",
         "characters"
        ]
       }
      },
      "required": [
       "name",
       "missing",
       "kind",
       "datatype",
       "tokens"
      ],
      "additionalProperties": false
     },
     {
      "type": "object",
      "properties": {
       "name": {
        "type": "string"
       },
       "missing": {
        "type": "array",
        "items": {
         "type": "string"
        }
       },
       "kind": {
        "type": "string",
        "const": "date"
       },
       "datatype": {
        "type": "string",
        "const": "INT64"
       },
       "format": {
        "type": "string"
       },
       "zone": {
        "type": "string",
        "const": "UTC"
       }
      },
      "required": [
       "name",
       "missing",
       "kind",
       "datatype",
       "format",
       "zone"
      ],
      "additionalProperties": false
     }
    ]
   },
   "Consumer": {
    "type": "object",
    "properties": {
     "id": {
      "type": "string"
     },
     "plan": {
      "type": "string",
      "enum": [
       "postpaid",
       "prepaid",
       "postpaid-capped"
      ]
     },
     "grants": {
      "type": "array",
      "items": {
       "type": "string"
      }
     },
     "limits": {
      "$ref": "#/components/schemas/Limits"
     },
     "stripeCustomer": {
      "type": "string"
     },
     "marketplaceCustomer": {
      "type": "string"
     },
     "createdAt": {
      "type": "string",
      "format": "date-time"
     },
     "deletedAt": {
      "type": "string",
      "format": "date-time"
     },
     "capPerMonth": {
      "type": "string",
      "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
     },
     "freePerMonth": {
      "type": "string",
      "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
     },
     "balances": {
      "type": "array",
      "items": {
       "type": "object",
       "properties": {
        "kind": {
         "type": "string",
         "enum": [
          "prepaid",
          "capped",
          "free"
         ]
        },
        "total": {
         "type": "string",
         "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
        },
        "available": {
         "type": "string",
         "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
        },
        "leased": {
         "type": "string",
         "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
        },
        "spent": {
         "type": "string",
         "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
        }
       },
       "required": [
        "kind",
        "total",
        "available",
        "leased",
        "spent"
       ],
       "additionalProperties": false
      }
     }
    },
    "required": [
     "id",
     "plan",
     "grants",
     "createdAt"
    ],
    "additionalProperties": false
   },
   "ConsumerChange": {
    "type": "object",
    "properties": {
     "plan": {
      "type": "string",
      "enum": [
       "postpaid",
       "prepaid",
       "postpaid-capped"
      ]
     },
     "grants": {
      "maxItems": 1000,
      "type": "array",
      "items": {
       "type": "string"
      }
     },
     "limits": {
      "anyOf": [
       {
        "$ref": "#/components/schemas/Limits"
       },
       {
        "type": "null"
       }
      ]
     },
     "capPerMonth": {
      "type": "string"
     },
     "freePerMonth": {
      "type": "string"
     },
     "stripeCustomer": {
      "anyOf": [
       {
        "type": "string",
        "pattern": "^cus_\\w{1,250}$"
       },
       {
        "type": "null"
       }
      ]
     },
     "marketplaceCustomer": {
      "anyOf": [
       {
        "type": "string",
        "pattern": "^[\\w-]{1,255}$"
       },
       {
        "type": "null"
       }
      ]
     }
    },
    "additionalProperties": false
   },
   "Credit": {
    "type": "object",
    "properties": {
     "id": {
      "type": "string"
     },
     "amount": {
      "type": "string",
      "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
     },
     "memo": {
      "type": "string"
     },
     "actor": {
      "type": "string"
     },
     "createdAt": {
      "type": "string",
      "format": "date-time"
     }
    },
    "required": [
     "id",
     "amount",
     "memo",
     "actor",
     "createdAt"
    ],
    "additionalProperties": false
   },
   "Dataset": {
    "type": "object",
    "properties": {
     "name": {
      "type": "string"
     },
     "lastVersion": {
      "type": "integer"
     },
     "createdAt": {
      "type": "string",
      "format": "date-time"
     }
    },
    "required": [
     "name",
     "lastVersion",
     "createdAt"
    ],
    "additionalProperties": false
   },
   "DatasetVersion": {
    "type": "object",
    "properties": {
     "dataset": {
      "type": "string"
     },
     "version": {
      "type": "integer"
     },
     "sha256": {
      "anyOf": [
       {
        "type": "string",
        "pattern": "^[0-9a-f]{64}$"
       },
       {
        "type": "null"
       }
      ]
     },
     "format": {
      "type": "string",
      "enum": [
       "csv",
       "jsonl",
       "parquet"
      ]
     },
     "sizeBytes": {
      "type": "integer"
     },
     "rows": {
      "type": [
       "integer",
       "null"
      ]
     },
     "columns": {
      "type": "array",
      "items": {
       "type": "string"
      }
     },
     "createdAt": {
      "type": "string",
      "format": "date-time"
     }
    },
    "required": [
     "dataset",
     "version",
     "sha256",
     "format",
     "sizeBytes",
     "rows",
     "columns",
     "createdAt"
    ],
    "additionalProperties": false
   },
   "Datatype": {
    "type": "string",
    "enum": [
     "BOOL",
     "UINT8",
     "UINT16",
     "UINT32",
     "UINT64",
     "INT8",
     "INT16",
     "INT32",
     "INT64",
     "FP16",
     "BF16",
     "FP32",
     "FP64",
     "BYTES"
    ]
   },
   "EmbeddingRequest": {
    "type": "object",
    "properties": {
     "model": {
      "type": "string",
      "minLength": 1
     },
     "input": {
      "anyOf": [
       {
        "type": "string",
        "minLength": 1
       },
       {
        "minItems": 1,
        "type": "array",
        "items": {
         "type": "integer",
         "minimum": 0,
         "maximum": 2147483647
        }
       },
       {
        "minItems": 1,
        "maxItems": 2048,
        "type": "array",
        "items": {
         "type": "string",
         "minLength": 1
        }
       },
       {
        "minItems": 1,
        "maxItems": 2048,
        "type": "array",
        "items": {
         "minItems": 1,
         "type": "array",
         "items": {
          "type": "integer",
          "minimum": 0,
          "maximum": 2147483647
         }
        }
       }
      ]
     },
     "encoding_format": {
      "default": "float",
      "type": "string",
      "enum": [
       "float",
       "base64"
      ]
     },
     "dimensions": {
      "type": "integer",
      "minimum": 1
     }
    },
    "required": [
     "model",
     "input"
    ]
   },
   "Embeddings": {
    "type": "object",
    "properties": {
     "object": {
      "type": "string",
      "const": "list"
     },
     "data": {
      "type": "array",
      "items": {
       "type": "object",
       "properties": {
        "object": {
         "type": "string",
         "const": "embedding"
        },
        "index": {
         "type": "integer"
        },
        "embedding": {
         "anyOf": [
          {
           "type": "array",
           "items": {
            "type": [
             "number",
             "null"
            ]
           }
          },
          {
           "type": "string"
          }
         ]
        }
       },
       "required": [
        "object",
        "index",
        "embedding"
       ],
       "additionalProperties": false
      }
     },
     "model": {
      "type": "string"
     },
     "usage": {
      "type": "object",
      "properties": {
       "prompt_tokens": {
        "type": "integer"
       },
       "total_tokens": {
        "type": "integer"
       }
      },
      "required": [
       "prompt_tokens",
       "total_tokens"
      ],
      "additionalProperties": false
     }
    },
    "required": [
     "object",
     "data",
     "model",
     "usage"
    ],
    "additionalProperties": false
   },
   "ErrorCode": {
    "type": "string",
    "enum": [
     "BAD_JSON",
     "BAD_REQUEST",
     "BAD_DATATYPE",
     "BAD_VALUE",
     "SHAPE_MISMATCH",
     "UNKNOWN_INPUT",
     "MISSING_INPUT",
     "UNKNOWN_OUTPUT",
     "UNKNOWN_COLUMN",
     "BAD_CELL",
     "NOT_ONNX",
     "BAD_MANIFEST",
     "TOO_MANY_TOKENS",
     "NOT_EXPLAINABLE",
     "BUDGET_TOO_SMALL",
     "BAD_BACKGROUND",
     "WRONG_TASK",
     "UNSUPPORTED_ONNX",
     "INFERENCE_REFUSED",
     "OUT_OF_MEMORY",
     "BAD_TABLE",
     "UNKNOWN_TARGET",
     "BAD_RUN",
     "BAD_SCHEDULE",
     "BAD_NAME",
     "BAD_PRICE",
     "KEY_MISSING",
     "KEY_UNKNOWN",
     "KEY_EXPIRED",
     "KEY_REVOKED",
     "PAYMENT_REQUIRED",
     "NOT_GRANTED",
     "OUT_OF_SCOPE",
     "NOT_FROM_HERE",
     "OWNER_ONLY",
     "UNKNOWN_ROUTE",
     "UNKNOWN_MODEL",
     "UNKNOWN_VERSION",
     "UNKNOWN_ALIAS",
     "UNKNOWN_DATASET",
     "UNKNOWN_RUN",
     "UNKNOWN_TRIGGER",
     "UNKNOWN_CONSUMER",
     "UNKNOWN_INVOICE",
     "UNKNOWN_KEY_ID",
     "UNKNOWN_UPLOAD",
     "UNKNOWN_RECONCILIATION",
     "UNKNOWN_REGISTRATION",
     "UNKNOWN_EXPLANATION",
     "UNKNOWN_BATCH",
     "WRONG_VERB",
     "ANSWER_GONE",
     "CONFLICT",
     "IN_USE",
     "RUN_ENDED",
     "BATCH_OPEN",
     "BATCH_ENDED",
     "STALE",
     "TOO_LARGE",
     "IDEMPOTENCY_KEY_REUSED",
     "UNKNOWN_CALL",
     "CALL_ENDED",
     "TOO_MANY_REQUESTS",
     "TOO_MANY_UPLOADS",
     "LEDGER_BUSY",
     "CREDIT_TOO_LARGE",
     "CAP_BELOW_SPENT",
     "WRONG_MEDIA_TYPE",
     "PRICE_TOO_LATE",
     "BILLING_FIXED",
     "INTERNAL",
     "OUTPUT_NOT_EXPRESSIBLE",
     "INFERENCE_TIMEOUT",
     "NOT_READY",
     "OUTCOME_UNKNOWN"
    ]
   },
   "GatewayError": {
    "type": "object",
    "properties": {
     "message": {
      "type": "string"
     }
    },
    "required": [
     "message"
    ],
    "additionalProperties": false
   },
   "IngestedDatasetVersion": {
    "type": "object",
    "properties": {
     "dataset": {
      "type": "string"
     },
     "version": {
      "type": "integer"
     },
     "sha256": {
      "anyOf": [
       {
        "type": "string",
        "pattern": "^[0-9a-f]{64}$"
       },
       {
        "type": "null"
       }
      ]
     },
     "format": {
      "type": "string",
      "enum": [
       "csv",
       "jsonl",
       "parquet"
      ]
     },
     "sizeBytes": {
      "type": "integer"
     },
     "rows": {
      "type": [
       "integer",
       "null"
      ]
     },
     "columns": {
      "type": "array",
      "items": {
       "type": "string"
      }
     },
     "createdAt": {
      "type": "string",
      "format": "date-time"
     },
     "profile": {
      "anyOf": [
       {
        "type": "object",
        "properties": {
         "rows": {
          "type": "integer"
         },
         "columns": {
          "type": "array",
          "items": {
           "type": "object",
           "properties": {
            "name": {
             "type": "string"
            },
            "kind": {
             "type": "string",
             "enum": [
              "numeric",
              "integer",
              "boolean",
              "category",
              "ordinal",
              "text",
              "date",
              "identifier",
              "constant"
             ]
            },
            "codec": {
             "$ref": "#/components/schemas/ColumnCodec"
            },
            "confidence": {
             "type": "number"
            },
            "leftOut": {
             "type": "string",
             "enum": [
              "identifier",
              "constant",
              "dropped",
              "leak"
             ]
            },
            "notice": {
             "type": "string"
            },
            "personal": {
             "type": "string",
             "enum": [
              "email",
              "phone",
              "card",
              "iban",
              "national id"
             ]
            },
            "missing": {
             "type": "integer"
            },
            "distinct": {
             "type": "integer"
            },
            "range": {
             "type": "object",
             "properties": {
              "lowest": {
               "type": "number"
              },
              "highest": {
               "type": "number"
              }
             },
             "required": [
              "lowest",
              "highest"
             ],
             "additionalProperties": false
            }
           },
           "required": [
            "name",
            "kind",
            "confidence",
            "missing",
            "distinct"
           ],
           "additionalProperties": false
          }
         }
        },
        "required": [
         "rows",
         "columns"
        ],
        "additionalProperties": false
       },
       {
        "type": "null"
       }
      ]
     },
     "notice": {
      "type": "string"
     }
    },
    "required": [
     "dataset",
     "version",
     "sha256",
     "format",
     "sizeBytes",
     "rows",
     "columns",
     "createdAt",
     "profile"
    ],
    "additionalProperties": false
   },
   "Instances": {
    "type": "object",
    "properties": {
     "instances": {
      "type": "array",
      "minItems": 1,
      "items": {},
      "description": "Rows."
     }
    },
    "required": [
     "instances"
    ]
   },
   "Invoice": {
    "type": "object",
    "properties": {
     "consumer": {
      "type": "string"
     },
     "month": {
      "type": "string"
     },
     "state": {
      "type": "string",
      "enum": [
       "draft",
       "final"
      ]
     },
     "number": {
      "type": "integer"
     },
     "currency": {
      "type": "string"
     },
     "from": {
      "type": "string",
      "format": "date-time"
     },
     "to": {
      "type": "string",
      "format": "date-time"
     },
     "madeAt": {
      "type": "string",
      "format": "date-time"
     },
     "lines": {
      "type": "array",
      "items": {
       "type": "object",
       "properties": {
        "kind": {
         "type": "string",
         "enum": [
          "usage",
          "minimum",
          "free",
          "tier",
          "adjustment"
         ]
        },
        "model": {
         "type": "string"
        },
        "price": {
         "type": "string"
        },
        "unit": {
         "type": "string",
         "enum": [
          "call",
          "row",
          "token",
          "explained_row"
         ]
        },
        "calls": {
         "type": "integer"
        },
        "from": {
         "type": "integer"
        },
        "units": {
         "type": "string",
         "pattern": "^\\d+$"
        },
        "unitPrice": {
         "type": "string",
         "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
        },
        "id": {
         "type": "string"
        },
        "memo": {
         "type": "string"
        },
        "amount": {
         "type": "string",
         "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
        }
       },
       "required": [
        "kind",
        "amount"
       ],
       "additionalProperties": false
      }
     },
     "total": {
      "type": "string",
      "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
     },
     "paid": {
      "type": "array",
      "items": {
       "type": "object",
       "properties": {
        "by": {
         "type": "string",
         "enum": [
          "free",
          "prepaid"
         ]
        },
        "amount": {
         "type": "string",
         "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
        }
       },
       "required": [
        "by",
        "amount"
       ],
       "additionalProperties": false
      }
     },
     "due": {
      "type": "string",
      "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
     }
    },
    "required": [
     "consumer",
     "month",
     "state",
     "currency",
     "from",
     "to",
     "madeAt",
     "lines",
     "total",
     "paid",
     "due"
    ],
    "additionalProperties": false
   },
   "KeyRotation": {
    "type": "object",
    "properties": {
     "overlap": {
      "default": "24h",
      "type": "string",
      "pattern": "^(?:0|[1-9]\\d{0,6})[smhd]$"
     }
    },
    "additionalProperties": false
   },
   "KeySecret": {
    "type": "object",
    "properties": {
     "id": {
      "type": "string"
     },
     "secret": {
      "type": "string"
     }
    },
    "required": [
     "id",
     "secret"
    ],
    "additionalProperties": false
   },
   "Limits": {
    "type": "object",
    "properties": {
     "perSecond": {
      "type": "integer",
      "minimum": 1,
      "maximum": 1000000
     },
     "perMinute": {
      "type": "integer",
      "minimum": 1,
      "maximum": 1000000
     },
     "concurrent": {
      "type": "integer",
      "minimum": 1,
      "maximum": 1000
     }
    },
    "additionalProperties": false
   },
   "Me": {
    "type": "object",
    "properties": {
     "role": {
      "type": "string",
      "enum": [
       "owner",
       "consumer"
      ]
     },
     "consumer": {
      "type": "string"
     },
     "plan": {
      "type": "string",
      "enum": [
       "postpaid",
       "prepaid",
       "postpaid-capped"
      ]
     },
     "key": {
      "type": "string"
     },
     "grants": {
      "type": "array",
      "items": {
       "type": "string"
      }
     },
     "balances": {
      "type": "array",
      "items": {
       "type": "object",
       "properties": {
        "kind": {
         "type": "string",
         "enum": [
          "prepaid",
          "capped",
          "free"
         ]
        },
        "total": {
         "type": "string",
         "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
        },
        "available": {
         "type": "string",
         "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
        },
        "leased": {
         "type": "string",
         "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
        },
        "spent": {
         "type": "string",
         "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
        }
       },
       "required": [
        "kind",
        "total",
        "available",
        "leased",
        "spent"
       ],
       "additionalProperties": false
      }
     },
     "scopes": {
      "type": "array",
      "items": {
       "type": "string",
       "enum": [
        "predict",
        "explain",
        "batches",
        "usage",
        "keys"
       ]
      }
     },
     "limits": {
      "$ref": "#/components/schemas/Limits"
     },
     "usage": {
      "$ref": "#/components/schemas/Usage"
     }
    },
    "required": [
     "role",
     "consumer",
     "plan",
     "key",
     "grants",
     "balances",
     "usage"
    ],
    "additionalProperties": false
   },
   "Model": {
    "type": "object",
    "properties": {
     "name": {
      "type": "string"
     },
     "title": {
      "type": "string"
     },
     "description": {
      "type": "string"
     },
     "task": {
      "type": "string"
     },
     "licence": {
      "type": "string"
     },
     "notice": {
      "type": "string"
     },
     "logInputs": {
      "type": "boolean"
     },
     "explain": {
      "type": "string",
      "enum": [
       "owner",
       "callers"
      ]
     },
     "lastVersion": {
      "type": "integer"
     },
     "createdAt": {
      "type": "string",
      "format": "date-time"
     },
     "aliases": {
      "type": "object",
      "propertyNames": {
       "type": "string"
      },
      "additionalProperties": {
       "type": "integer"
      }
     }
    },
    "required": [
     "name",
     "lastVersion",
     "createdAt",
     "aliases"
    ],
    "additionalProperties": false
   },
   "ModelChange": {
    "type": "object",
    "properties": {
     "title": {
      "type": "string",
      "maxLength": 4096
     },
     "description": {
      "type": "string",
      "maxLength": 4096
     },
     "task": {
      "type": "string",
      "maxLength": 4096
     },
     "licence": {
      "type": "string",
      "maxLength": 4096
     },
     "notice": {
      "type": "string",
      "maxLength": 4096
     },
     "logInputs": {
      "type": "boolean"
     },
     "explain": {
      "type": "string",
      "enum": [
       "owner",
       "callers"
      ]
     }
    },
    "additionalProperties": false
   },
   "ModelStats": {
    "type": "object",
    "properties": {
     "name": {
      "type": "string"
     },
     "window": {
      "type": "string"
     },
     "since": {
      "type": "string",
      "format": "date-time"
     },
     "totals": {
      "type": "object",
      "properties": {
       "calls": {
        "type": "integer"
       },
       "failed": {
        "type": "integer"
       },
       "errors": {
        "type": "object",
        "propertyNames": {
         "type": "string"
        },
        "additionalProperties": {
         "type": "integer"
        }
       },
       "rows": {
        "type": "integer"
       },
       "coldStarts": {
        "type": "integer"
       },
       "p50Ms": {
        "type": [
         "number",
         "null"
        ]
       },
       "p95Ms": {
        "type": [
         "number",
         "null"
        ]
       },
       "p99Ms": {
        "type": [
         "number",
         "null"
        ]
       },
       "meanQueueMs": {
        "type": [
         "number",
         "null"
        ]
       },
       "meanInferMs": {
        "type": [
         "number",
         "null"
        ]
       },
       "lastCallAt": {
        "anyOf": [
         {
          "type": "string",
          "format": "date-time"
         },
         {
          "type": "null"
         }
        ]
       }
      },
      "required": [
       "calls",
       "failed",
       "errors",
       "rows",
       "coldStarts",
       "p50Ms",
       "p95Ms",
       "p99Ms",
       "meanQueueMs",
       "meanInferMs",
       "lastCallAt"
      ],
      "additionalProperties": false
     },
     "versions": {
      "type": "array",
      "items": {
       "type": "object",
       "properties": {
        "version": {
         "type": "integer"
        },
        "calls": {
         "type": "integer"
        },
        "failed": {
         "type": "integer"
        },
        "errors": {
         "type": "object",
         "propertyNames": {
          "type": "string"
         },
         "additionalProperties": {
          "type": "integer"
         }
        },
        "rows": {
         "type": "integer"
        },
        "coldStarts": {
         "type": "integer"
        },
        "p50Ms": {
         "type": [
          "number",
          "null"
         ]
        },
        "p95Ms": {
         "type": [
          "number",
          "null"
         ]
        },
        "p99Ms": {
         "type": [
          "number",
          "null"
         ]
        },
        "meanQueueMs": {
         "type": [
          "number",
          "null"
         ]
        },
        "meanInferMs": {
         "type": [
          "number",
          "null"
         ]
        },
        "lastCallAt": {
         "anyOf": [
          {
           "type": "string",
           "format": "date-time"
          },
          {
           "type": "null"
          }
         ]
        }
       },
       "required": [
        "version",
        "calls",
        "failed",
        "errors",
        "rows",
        "coldStarts",
        "p50Ms",
        "p95Ms",
        "p99Ms",
        "meanQueueMs",
        "meanInferMs",
        "lastCallAt"
       ],
       "additionalProperties": false
      }
     }
    },
    "required": [
     "name",
     "window",
     "since",
     "totals",
     "versions"
    ],
    "additionalProperties": false
   },
   "NewAdjustment": {
    "type": "object",
    "properties": {
     "amount": {
      "type": "string"
     },
     "memo": {
      "type": "string",
      "minLength": 1,
      "maxLength": 500
     },
     "month": {
      "type": "string",
      "pattern": "^\\d{4}-(?:0[1-9]|1[0-2])$"
     }
    },
    "required": [
     "amount",
     "memo"
    ],
    "additionalProperties": false
   },
   "NewConsumer": {
    "type": "object",
    "properties": {
     "id": {
      "type": "string",
      "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$"
     },
     "plan": {
      "default": "postpaid",
      "type": "string",
      "enum": [
       "postpaid",
       "prepaid",
       "postpaid-capped"
      ]
     },
     "grants": {
      "default": [],
      "maxItems": 1000,
      "type": "array",
      "items": {
       "type": "string"
      }
     },
     "limits": {
      "$ref": "#/components/schemas/Limits"
     },
     "capPerMonth": {
      "type": "string"
     },
     "freePerMonth": {
      "type": "string"
     }
    },
    "required": [
     "id"
    ],
    "additionalProperties": false
   },
   "NewCredit": {
    "type": "object",
    "properties": {
     "id": {
      "type": "string",
      "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$"
     },
     "amount": {
      "type": "string"
     },
     "memo": {
      "default": "",
      "type": "string",
      "maxLength": 1000
     }
    },
    "required": [
     "amount"
    ],
    "additionalProperties": false
   },
   "NewKey": {
    "type": "object",
    "properties": {
     "name": {
      "type": "string",
      "maxLength": 128
     },
     "grants": {
      "maxItems": 1000,
      "type": "array",
      "items": {
       "type": "string"
      }
     },
     "scopes": {
      "maxItems": 5,
      "type": "array",
      "items": {
       "type": "string",
       "enum": [
        "predict",
        "explain",
        "batches",
        "usage",
        "keys"
       ]
      }
     },
     "ipRanges": {
      "minItems": 1,
      "maxItems": 50,
      "type": "array",
      "items": {
       "type": "string"
      }
     },
     "limits": {
      "$ref": "#/components/schemas/Limits"
     },
     "limit": {
      "type": "string"
     },
     "expires": {
      "type": "string",
      "format": "date-time"
     }
    },
    "additionalProperties": false
   },
   "NewModel": {
    "type": "object",
    "properties": {
     "name": {
      "type": "string"
     },
     "title": {
      "type": "string",
      "maxLength": 4096
     },
     "description": {
      "type": "string",
      "maxLength": 4096
     },
     "task": {
      "type": "string",
      "maxLength": 4096
     },
     "licence": {
      "type": "string",
      "maxLength": 4096
     },
     "notice": {
      "type": "string",
      "maxLength": 4096
     },
     "logInputs": {
      "type": "boolean"
     },
     "explain": {
      "type": "string",
      "enum": [
       "owner",
       "callers"
      ]
     }
    },
    "required": [
     "name"
    ],
    "additionalProperties": false
   },
   "NewPrice": {
    "type": "object",
    "properties": {
     "unit": {
      "type": "string",
      "enum": [
       "call",
       "row",
       "token",
       "explained_row"
      ]
     },
     "amount": {
      "type": "string"
     },
     "minimumPerCall": {
      "default": "0",
      "type": "string"
     },
     "freePerMonth": {
      "type": "integer",
      "minimum": 1
     },
     "tiers": {
      "minItems": 1,
      "maxItems": 20,
      "type": "array",
      "items": {
       "type": "object",
       "properties": {
        "from": {
         "type": "integer",
         "minimum": 1
        },
        "amount": {
         "type": "string"
        }
       },
       "required": [
        "from",
        "amount"
       ],
       "additionalProperties": false
      }
     },
     "from": {
      "type": "string",
      "format": "date-time"
     }
    },
    "required": [
     "unit",
     "amount"
    ],
    "additionalProperties": false
   },
   "NewReconciliation": {
    "type": "object",
    "properties": {
     "from": {
      "type": "string"
     },
     "to": {
      "type": "string"
     }
    },
    "additionalProperties": false
   },
   "NewRegistration": {
    "type": "object",
    "properties": {
     "upload": {
      "type": "string"
     },
     "manifest": {
      "type": "object",
      "propertyNames": {
       "type": "string"
      },
      "additionalProperties": {}
     },
     "alias": {
      "type": "string"
     }
    },
    "required": [
     "upload"
    ],
    "additionalProperties": false
   },
   "OpenAiError": {
    "type": "object",
    "properties": {
     "error": {
      "type": "object",
      "properties": {
       "message": {
        "type": "string"
       },
       "type": {
        "type": "string"
       },
       "param": {
        "type": [
         "string",
         "null"
        ]
       },
       "code": {
        "type": "string"
       }
      },
      "required": [
       "message",
       "type",
       "param",
       "code"
      ],
      "additionalProperties": false
     }
    },
    "required": [
     "error"
    ],
    "additionalProperties": false
   },
   "OpenAiModel": {
    "type": "object",
    "properties": {
     "id": {
      "type": "string"
     },
     "object": {
      "type": "string",
      "const": "model"
     },
     "created": {
      "type": "integer"
     },
     "owned_by": {
      "type": "string"
     }
    },
    "required": [
     "id",
     "object",
     "created",
     "owned_by"
    ],
    "additionalProperties": false
   },
   "OwnerUploadRequest": {
    "type": "object",
    "properties": {
     "contentType": {
      "type": "string",
      "maxLength": 255,
      "pattern": "^[\\w.+-]+\\/[\\w.+-]+$"
     },
     "sizeBytes": {
      "type": "integer",
      "exclusiveMinimum": 0,
      "maximum": 4294967296
     }
    },
    "required": [
     "contentType",
     "sizeBytes"
    ],
    "additionalProperties": false
   },
   "PlannedRunRequest": {
    "type": "object",
    "properties": {
     "model": {
      "type": "string"
     },
     "dataset": {
      "type": "string"
     },
     "datasetVersion": {
      "type": "integer",
      "exclusiveMinimum": 0
     },
     "target": {
      "type": "string"
     },
     "task": {
      "type": "string",
      "enum": [
       "regression",
       "binary",
       "multiclass"
      ]
     },
     "algorithms": {
      "default": [
       "auto"
      ],
      "minItems": 1,
      "type": "array",
      "items": {
       "type": "string",
       "enum": [
        "auto",
        "linear",
        "logistic",
        "mlp",
        "gbdt",
        "forest"
       ]
      }
     },
     "parameters": {
      "default": {},
      "type": "object",
      "propertyNames": {
       "type": "string",
       "enum": [
        "linear",
        "logistic",
        "mlp",
        "gbdt",
        "forest"
       ]
      },
      "additionalProperties": {
       "type": "object",
       "propertyNames": {
        "type": "string"
       },
       "additionalProperties": {}
      }
     },
     "preprocess": {
      "default": "auto",
      "type": "string",
      "enum": [
       "auto",
       "none"
      ]
     },
     "columns": {
      "default": {},
      "type": "object",
      "propertyNames": {
       "type": "string"
      },
      "additionalProperties": {
       "type": "object",
       "properties": {
        "kind": {
         "type": "string",
         "enum": [
          "numeric",
          "integer",
          "boolean",
          "category",
          "ordinal",
          "text",
          "date"
         ]
        },
        "format": {
         "type": "string"
        },
        "drop": {
         "type": "boolean"
        }
       },
       "additionalProperties": false
      }
     },
     "positive": {
      "type": [
       "string",
       "number",
       "boolean"
      ]
     },
     "weight": {
      "type": "string"
     },
     "classWeight": {
      "anyOf": [
       {
        "type": "string",
        "const": "balanced"
       },
       {
        "type": "object",
        "propertyNames": {
         "type": "string"
        },
        "additionalProperties": {
         "type": "number",
         "exclusiveMinimum": 0
        }
       }
      ]
     },
     "split": {
      "default": {
       "method": "random"
      },
      "type": "object",
      "properties": {
       "method": {
        "default": "random",
        "type": "string",
        "enum": [
         "random",
         "stratified",
         "time",
         "group",
         "none"
        ]
       },
       "key": {
        "type": "string"
       },
       "column": {
        "type": "string"
       },
       "gap": {
        "type": "string",
        "pattern": "^(\\d{1,9})(ms|s|m|h|d)$"
       }
      },
      "required": [
       "method"
      ],
      "additionalProperties": false
     },
     "metric": {
      "type": "string",
      "enum": [
       "rmse",
       "mae",
       "medianAbsoluteError",
       "r2",
       "logLoss",
       "brier",
       "accuracy",
       "balancedAccuracy",
       "macroF1",
       "rocAuc",
       "averagePrecision"
      ]
     },
     "gate": {
      "default": "auto",
      "type": "string",
      "enum": [
       "auto",
       "better",
       "none"
      ]
     },
     "threshold": {
      "type": "string",
      "pattern": "^(f1|cost:(\\d+(?:\\.\\d+)?),(\\d+(?:\\.\\d+)?))$"
     },
     "interval": {
      "type": "number",
      "exclusiveMinimum": 0,
      "exclusiveMaximum": 1
     },
     "budget": {
      "type": "string",
      "pattern": "^(\\d{1,9})(ms|s|m|h|d)$"
     },
     "limits": {
      "type": "object",
      "properties": {
       "latencyMs": {
        "type": "number",
        "exclusiveMinimum": 0
       },
       "sizeBytes": {
        "type": "integer",
        "exclusiveMinimum": 0
       }
      },
      "additionalProperties": false
     },
     "ensemble": {
      "type": "boolean"
     },
     "optimise": {
      "default": "exact",
      "type": "string",
      "pattern": "^(?:exact|(?:smallest|fastest):\\d{1,2}(?:\\.\\d{1,4})?%)$"
     },
     "seed": {
      "default": 0,
      "type": "integer",
      "minimum": 0
     },
     "promote": {
      "default": true,
      "type": "boolean"
     },
     "fresh": {
      "default": false,
      "type": "boolean"
     },
     "engine": {
      "default": "auto",
      "type": "string",
      "enum": [
       "auto",
       "lambda",
       "batch",
       "sagemaker"
      ]
     }
    },
    "required": [
     "model",
     "dataset",
     "target",
     "algorithms",
     "parameters",
     "preprocess",
     "columns",
     "split",
     "gate",
     "optimise",
     "seed",
     "promote",
     "fresh",
     "engine"
    ],
    "additionalProperties": false
   },
   "Predictions": {
    "type": "object",
    "properties": {
     "predictions": {
      "type": "array",
      "items": {
       "anyOf": [
        {
         "type": "number"
        },
        {
         "type": "null"
        },
        {
         "type": "object",
         "properties": {
          "label": {
           "type": [
            "string",
            "number",
            "boolean"
           ]
          },
          "probabilities": {
           "type": "object",
           "propertyNames": {
            "type": "string"
           },
           "additionalProperties": {
            "type": [
             "number",
             "null"
            ]
           }
          }
         },
         "required": [
          "label",
          "probabilities"
         ],
         "additionalProperties": false
        },
        {
         "type": "object",
         "properties": {
          "prediction": {
           "type": [
            "number",
            "null"
           ]
          },
          "interval": {
           "type": "object",
           "properties": {
            "low": {
             "type": [
              "number",
              "null"
             ]
            },
            "high": {
             "type": [
              "number",
              "null"
             ]
            },
            "level": {
             "type": "number"
            }
           },
           "required": [
            "low",
            "high",
            "level"
           ],
           "additionalProperties": false
          }
         },
         "required": [
          "prediction",
          "interval"
         ],
         "additionalProperties": false
        },
        {
         "type": "string"
        },
        {
         "type": "boolean"
        },
        {
         "type": "array",
         "items": {}
        },
        {
         "type": "object",
         "propertyNames": {
          "type": "string"
         },
         "additionalProperties": {}
        }
       ]
      }
     }
    },
    "required": [
     "predictions"
    ],
    "additionalProperties": false
   },
   "Prices": {
    "type": "object",
    "properties": {
     "model": {
      "type": "string"
     },
     "price": {
      "anyOf": [
       {
        "type": "object",
        "properties": {
         "id": {
          "type": "string"
         },
         "unit": {
          "type": "string",
          "enum": [
           "call",
           "row",
           "token",
           "explained_row"
          ]
         },
         "amount": {
          "type": "string",
          "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
         },
         "minimumPerCall": {
          "type": "string",
          "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
         },
         "freePerMonth": {
          "type": "integer"
         },
         "tiers": {
          "type": "array",
          "items": {
           "type": "object",
           "properties": {
            "from": {
             "type": "integer"
            },
            "amount": {
             "type": "string",
             "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
            }
           },
           "required": [
            "from",
            "amount"
           ],
           "additionalProperties": false
          }
         },
         "currency": {
          "type": "string"
         },
         "from": {
          "anyOf": [
           {
            "type": "string",
            "format": "date-time"
           },
           {
            "type": "null"
           }
          ]
         }
        },
        "required": [
         "id",
         "unit",
         "amount",
         "minimumPerCall",
         "currency",
         "from"
        ],
        "additionalProperties": false
       },
       {
        "type": "null"
       }
      ]
     },
     "prices": {
      "type": "array",
      "items": {
       "type": "object",
       "properties": {
        "id": {
         "type": "string"
        },
        "unit": {
         "type": "string",
         "enum": [
          "call",
          "row",
          "token",
          "explained_row"
         ]
        },
        "amount": {
         "type": "string",
         "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
        },
        "minimumPerCall": {
         "type": "string",
         "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
        },
        "freePerMonth": {
         "type": "integer"
        },
        "tiers": {
         "type": "array",
         "items": {
          "type": "object",
          "properties": {
           "from": {
            "type": "integer"
           },
           "amount": {
            "type": "string",
            "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
           }
          },
          "required": [
           "from",
           "amount"
          ],
          "additionalProperties": false
         }
        },
        "currency": {
         "type": "string"
        },
        "from": {
         "anyOf": [
          {
           "type": "string",
           "format": "date-time"
          },
          {
           "type": "null"
          }
         ]
        }
       },
       "required": [
        "id",
        "unit",
        "amount",
        "minimumPerCall",
        "currency",
        "from"
       ],
       "additionalProperties": false
      }
     }
    },
    "required": [
     "model",
     "price",
     "prices"
    ],
    "additionalProperties": false
   },
   "Problem": {
    "type": "object",
    "properties": {
     "type": {
      "type": "string"
     },
     "title": {
      "$ref": "#/components/schemas/ErrorCode"
     },
     "status": {
      "type": "integer"
     },
     "detail": {
      "type": "string"
     },
     "instance": {
      "type": "string"
     },
     "code": {
      "$ref": "#/components/schemas/ErrorCode"
     },
     "hint": {
      "type": "string"
     },
     "requestId": {
      "type": "string"
     },
     "reason": {
      "type": "string",
      "enum": [
       "balance",
       "cap",
       "key limit"
      ]
     },
     "balance": {
      "type": "string",
      "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
     },
     "error": {
      "type": "string"
     }
    },
    "required": [
     "type",
     "title",
     "status",
     "detail",
     "instance",
     "code",
     "hint",
     "requestId",
     "error"
    ],
    "additionalProperties": false
   },
   "Quote": {
    "type": "object",
    "properties": {
     "name": {
      "type": "string"
     },
     "version": {
      "type": "integer"
     },
     "for": {
      "type": "string",
      "enum": [
       "predict",
       "explain"
      ]
     },
     "rows": {
      "type": "integer"
     },
     "tokens": {
      "type": "integer"
     },
     "units": {
      "type": "integer"
     },
     "cost": {
      "type": "string",
      "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
     },
     "currency": {
      "type": "string"
     },
     "price": {
      "anyOf": [
       {
        "type": "object",
        "properties": {
         "id": {
          "type": "string"
         },
         "unit": {
          "type": "string",
          "enum": [
           "call",
           "row",
           "token",
           "explained_row"
          ]
         },
         "amount": {
          "type": "string",
          "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
         },
         "minimumPerCall": {
          "type": "string",
          "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
         },
         "freePerMonth": {
          "type": "integer"
         },
         "tiers": {
          "type": "array",
          "items": {
           "type": "object",
           "properties": {
            "from": {
             "type": "integer"
            },
            "amount": {
             "type": "string",
             "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
            }
           },
           "required": [
            "from",
            "amount"
           ],
           "additionalProperties": false
          }
         },
         "currency": {
          "type": "string"
         },
         "from": {
          "anyOf": [
           {
            "type": "string",
            "format": "date-time"
           },
           {
            "type": "null"
           }
          ]
         }
        },
        "required": [
         "id",
         "unit",
         "amount",
         "minimumPerCall",
         "currency",
         "from"
        ],
        "additionalProperties": false
       },
       {
        "type": "null"
       }
      ]
     },
     "consumers": {
      "type": "object",
      "properties": {
       "units": {
        "type": "integer"
       },
       "cost": {
        "type": "string",
        "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
       },
       "price": {
        "type": "object",
        "properties": {
         "id": {
          "type": "string"
         },
         "unit": {
          "type": "string",
          "enum": [
           "call",
           "row",
           "token",
           "explained_row"
          ]
         },
         "amount": {
          "type": "string",
          "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
         },
         "minimumPerCall": {
          "type": "string",
          "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
         },
         "freePerMonth": {
          "type": "integer"
         },
         "tiers": {
          "type": "array",
          "items": {
           "type": "object",
           "properties": {
            "from": {
             "type": "integer"
            },
            "amount": {
             "type": "string",
             "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
            }
           },
           "required": [
            "from",
            "amount"
           ],
           "additionalProperties": false
          }
         },
         "currency": {
          "type": "string"
         },
         "from": {
          "anyOf": [
           {
            "type": "string",
            "format": "date-time"
           },
           {
            "type": "null"
           }
          ]
         }
        },
        "required": [
         "id",
         "unit",
         "amount",
         "minimumPerCall",
         "currency",
         "from"
        ],
        "additionalProperties": false
       }
      },
      "required": [
       "units",
       "cost",
       "price"
      ],
      "additionalProperties": false
     },
     "until": {
      "type": "string",
      "format": "date-time"
     }
    },
    "required": [
     "name",
     "version",
     "for",
     "rows",
     "units",
     "cost",
     "currency",
     "price",
     "until"
    ],
    "additionalProperties": false
   },
   "Reconciliation": {
    "type": "object",
    "properties": {
     "id": {
      "type": "string"
     },
     "state": {
      "type": "string",
      "enum": [
       "running",
       "succeeded",
       "failed"
      ]
     },
     "by": {
      "type": "string"
     },
     "from": {
      "type": "string",
      "format": "date-time"
     },
     "to": {
      "type": "string",
      "format": "date-time"
     },
     "createdAt": {
      "type": "string",
      "format": "date-time"
     },
     "endedAt": {
      "type": "string",
      "format": "date-time"
     },
     "hours": {
      "type": "integer"
     },
     "rows": {
      "type": "integer"
     },
     "found": {
      "type": "integer"
     },
     "error": {
      "type": "object",
      "properties": {
       "code": {
        "type": "string"
       },
       "message": {
        "type": "string"
       },
       "hint": {
        "type": "string"
       }
      },
      "required": [
       "code",
       "message",
       "hint"
      ],
      "additionalProperties": false
     },
     "differences": {
      "type": "array",
      "items": {
       "type": "object",
       "properties": {
        "kind": {
         "type": "string",
         "enum": [
          "record missing",
          "record altered",
          "record inserted",
          "hour not folded",
          "chain missing",
          "chain inserted",
          "chain altered",
          "row missing",
          "row inserted",
          "row altered",
          "total differs",
          "balance differs",
          "invoice differs"
         ]
        },
        "hour": {
         "type": "string"
        },
        "consumer": {
         "type": "string"
        },
        "chain": {
         "type": "string"
        },
        "text": {
         "type": "string"
        }
       },
       "required": [
        "kind",
        "text"
       ],
       "additionalProperties": false
      }
     }
    },
    "required": [
     "id",
     "state",
     "by",
     "from",
     "to",
     "createdAt",
     "hours",
     "rows",
     "found",
     "differences"
    ],
    "additionalProperties": false
   },
   "Reconciliations": {
    "type": "object",
    "properties": {
     "reconciliations": {
      "type": "array",
      "items": {
       "type": "object",
       "properties": {
        "id": {
         "type": "string"
        },
        "state": {
         "type": "string",
         "enum": [
          "running",
          "succeeded",
          "failed"
         ]
        },
        "by": {
         "type": "string"
        },
        "from": {
         "type": "string",
         "format": "date-time"
        },
        "to": {
         "type": "string",
         "format": "date-time"
        },
        "createdAt": {
         "type": "string",
         "format": "date-time"
        },
        "endedAt": {
         "type": "string",
         "format": "date-time"
        },
        "hours": {
         "type": "integer"
        },
        "rows": {
         "type": "integer"
        },
        "found": {
         "type": "integer"
        },
        "error": {
         "type": "object",
         "properties": {
          "code": {
           "type": "string"
          },
          "message": {
           "type": "string"
          },
          "hint": {
           "type": "string"
          }
         },
         "required": [
          "code",
          "message",
          "hint"
         ],
         "additionalProperties": false
        }
       },
       "required": [
        "id",
        "state",
        "by",
        "from",
        "to",
        "createdAt",
        "hours",
        "rows",
        "found"
       ],
       "additionalProperties": false
      }
     },
     "next": {
      "type": "string"
     }
    },
    "required": [
     "reconciliations"
    ],
    "additionalProperties": false
   },
   "Registration": {
    "type": "object",
    "properties": {
     "id": {
      "type": "string"
     },
     "model": {
      "type": "string"
     },
     "upload": {
      "type": "string"
     },
     "optimise": {
      "type": "object",
      "properties": {
       "version": {
        "type": "integer"
       },
       "policy": {
        "type": "string"
       }
      },
      "required": [
       "version",
       "policy"
      ],
      "additionalProperties": false
     },
     "alias": {
      "type": "string"
     },
     "state": {
      "type": "string",
      "enum": [
       "queued",
       "running",
       "succeeded",
       "failed"
      ]
     },
     "step": {
      "type": "string",
      "enum": [
       "stage",
       "optimise",
       "probe",
       "publish"
      ]
     },
     "version": {
      "type": "integer"
     },
     "error": {
      "type": "object",
      "properties": {
       "code": {
        "$ref": "#/components/schemas/ErrorCode"
       },
       "message": {
        "type": "string"
       },
       "hint": {
        "type": "string"
       },
       "step": {
        "type": "string",
        "enum": [
         "stage",
         "optimise",
         "probe",
         "publish"
        ]
       }
      },
      "required": [
       "code",
       "message",
       "hint",
       "step"
      ],
      "additionalProperties": false
     },
     "createdAt": {
      "type": "string",
      "format": "date-time"
     },
     "endedAt": {
      "type": "string",
      "format": "date-time"
     }
    },
    "required": [
     "id",
     "model",
     "state",
     "createdAt"
    ],
    "additionalProperties": false
   },
   "RotatedKey": {
    "type": "object",
    "properties": {
     "id": {
      "type": "string"
     },
     "secret": {
      "type": "string"
     },
     "old": {
      "type": "object",
      "properties": {
       "id": {
        "type": "string"
       },
       "name": {
        "type": "string"
       },
       "grants": {
        "type": "array",
        "items": {
         "type": "string"
        }
       },
       "scopes": {
        "type": "array",
        "items": {
         "type": "string",
         "enum": [
          "predict",
          "explain",
          "batches",
          "usage",
          "keys"
         ]
        }
       },
       "ipRanges": {
        "type": "array",
        "items": {
         "type": "string"
        }
       },
       "limits": {
        "$ref": "#/components/schemas/Limits"
       },
       "limit": {
        "type": "string",
        "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
       },
       "createdAt": {
        "type": "string",
        "format": "date-time"
       },
       "lastUsed": {
        "type": "string",
        "format": "date"
       },
       "expires": {
        "type": "string",
        "format": "date-time"
       },
       "rotatedTo": {
        "type": "string"
       },
       "revoked": {
        "type": "string",
        "format": "date-time"
       }
      },
      "required": [
       "id",
       "createdAt"
      ],
      "additionalProperties": false
     }
    },
    "required": [
     "id",
     "secret",
     "old"
    ],
    "additionalProperties": false
   },
   "Run": {
    "type": "object",
    "properties": {
     "id": {
      "type": "string"
     },
     "model": {
      "type": "string"
     },
     "dataset": {
      "type": "string"
     },
     "datasetVersion": {
      "type": "integer"
     },
     "target": {
      "type": "string"
     },
     "request": {
      "$ref": "#/components/schemas/PlannedRunRequest"
     },
     "reason": {
      "anyOf": [
       {
        "type": "object",
        "properties": {
         "kind": {
          "type": "string",
          "const": "dataset"
         },
         "key": {
          "type": "string"
         },
         "versionId": {
          "type": "string"
         },
         "writtenAt": {
          "type": "string",
          "format": "date-time"
         }
        },
        "required": [
         "kind",
         "key",
         "writtenAt"
        ],
        "additionalProperties": false
       },
       {
        "type": "object",
        "properties": {
         "kind": {
          "type": "string",
          "const": "schedule"
         },
         "dueAt": {
          "type": "string",
          "format": "date-time"
         },
         "missed": {
          "type": "integer"
         }
        },
        "required": [
         "kind",
         "dueAt",
         "missed"
        ],
        "additionalProperties": false
       }
      ]
     },
     "state": {
      "type": "string",
      "enum": [
       "queued",
       "running",
       "succeeded",
       "rejected",
       "failed",
       "cancelled"
      ]
     },
     "attempt": {
      "type": "integer"
     },
     "step": {
      "type": "string",
      "enum": [
       "inspect",
       "plan",
       "prepare",
       "fit",
       "score",
       "halve",
       "choose",
       "refit",
       "export",
       "optimise",
       "evaluate",
       "gate",
       "register",
       "promote"
      ]
     },
     "engine": {
      "type": "object",
      "properties": {
       "name": {
        "type": "string",
        "enum": [
         "lambda",
         "batch",
         "sagemaker"
        ]
       },
       "reason": {
        "type": "string"
       },
       "memoryMb": {
        "type": "integer"
       },
       "gbSeconds": {
        "type": "integer"
       },
       "costUsd": {
        "type": "string"
       },
       "priceRegion": {
        "type": "string"
       },
       "job": {
        "type": "object",
        "properties": {
         "vcpus": {
          "type": "number"
         },
         "memoryMb": {
          "type": "integer"
         },
         "instance": {
          "type": "string"
         }
        },
        "required": [
         "vcpus",
         "memoryMb"
        ],
        "additionalProperties": false
       }
      },
      "required": [
       "name",
       "reason",
       "memoryMb",
       "gbSeconds",
       "costUsd",
       "priceRegion"
      ],
      "additionalProperties": false
     },
     "progress": {
      "type": "object",
      "properties": {
       "done": {
        "type": "integer"
       },
       "of": {
        "type": "integer"
       },
       "loss": {
        "type": "number"
       },
       "best": {
        "type": "number"
       },
       "part": {
        "type": "string"
       },
       "rows": {
        "type": "integer"
       },
       "leftMs": {
        "type": "integer"
       }
      },
      "required": [
       "done",
       "of"
      ],
      "additionalProperties": false
     },
     "spentMs": {
      "type": "integer"
     },
     "failure": {
      "type": "object",
      "properties": {
       "code": {
        "$ref": "#/components/schemas/ErrorCode"
       },
       "cause": {
        "type": "string"
       },
       "step": {
        "type": "string",
        "enum": [
         "inspect",
         "plan",
         "prepare",
         "fit",
         "score",
         "halve",
         "choose",
         "refit",
         "export",
         "optimise",
         "evaluate",
         "gate",
         "register",
         "promote"
        ]
       }
      },
      "required": [
       "code",
       "cause",
       "step"
      ],
      "additionalProperties": false
     },
     "gate": {
      "type": "object",
      "properties": {
       "verdict": {
        "type": "string",
        "enum": [
         "passed",
         "rejected"
        ]
       },
       "reason": {
        "type": "string"
       }
      },
      "required": [
       "verdict",
       "reason"
      ],
      "additionalProperties": false
     },
     "metrics": {
      "type": "object",
      "propertyNames": {
       "type": "string"
      },
      "additionalProperties": {
       "type": "number"
      }
     },
     "leaderboard": {
      "type": "array",
      "items": {
       "type": "object",
       "properties": {
        "trialId": {
         "type": "string"
        },
        "algorithm": {
         "type": "string",
         "enum": [
          "linear",
          "logistic",
          "mlp",
          "gbdt",
          "forest"
         ]
        },
        "metric": {
         "type": "string",
         "enum": [
          "rmse",
          "mae",
          "medianAbsoluteError",
          "r2",
          "logLoss",
          "brier",
          "accuracy",
          "balancedAccuracy",
          "macroF1",
          "rocAuc",
          "averagePrecision",
          "pinball",
          "poissonDeviance",
          "mape"
         ]
        },
        "loss": {
         "type": "number"
        },
        "spread": {
         "type": "number"
        },
        "on": {
         "type": "string",
         "const": "out-of-fold"
        },
        "rung": {
         "type": "integer"
        },
        "iterations": {
         "type": "integer"
        },
        "fitMs": {
         "type": "integer"
        },
        "sizeBytes": {
         "type": "integer"
        },
        "weight": {
         "type": "number"
        },
        "latencyMs": {
         "type": "number"
        },
        "failure": {
         "type": "string"
        }
       },
       "required": [
        "trialId",
        "algorithm",
        "metric",
        "on",
        "rung",
        "fitMs"
       ],
       "additionalProperties": false
      }
     },
     "version": {
      "type": "integer"
     },
     "promoted": {
      "type": "boolean"
     },
     "createdAt": {
      "type": "string",
      "format": "date-time"
     },
     "endedAt": {
      "type": "string",
      "format": "date-time"
     }
    },
    "required": [
     "id",
     "model",
     "dataset",
     "datasetVersion",
     "target",
     "request",
     "state",
     "attempt",
     "createdAt"
    ],
    "additionalProperties": false
   },
   "RunRequest": {
    "type": "object",
    "properties": {
     "model": {
      "type": "string"
     },
     "dataset": {
      "type": "string"
     },
     "datasetVersion": {
      "type": "integer",
      "exclusiveMinimum": 0
     },
     "target": {
      "type": "string"
     },
     "task": {
      "type": "string",
      "enum": [
       "regression",
       "binary",
       "multiclass"
      ]
     },
     "algorithms": {
      "default": [
       "auto"
      ],
      "minItems": 1,
      "type": "array",
      "items": {
       "type": "string",
       "enum": [
        "auto",
        "linear",
        "logistic",
        "mlp",
        "gbdt",
        "forest"
       ]
      }
     },
     "parameters": {
      "default": {},
      "type": "object",
      "propertyNames": {
       "type": "string",
       "enum": [
        "linear",
        "logistic",
        "mlp",
        "gbdt",
        "forest"
       ]
      },
      "additionalProperties": {
       "type": "object",
       "propertyNames": {
        "type": "string"
       },
       "additionalProperties": {}
      }
     },
     "preprocess": {
      "default": "auto",
      "type": "string",
      "enum": [
       "auto",
       "none"
      ]
     },
     "columns": {
      "default": {},
      "type": "object",
      "propertyNames": {
       "type": "string"
      },
      "additionalProperties": {
       "type": "object",
       "properties": {
        "kind": {
         "type": "string",
         "enum": [
          "numeric",
          "integer",
          "boolean",
          "category",
          "ordinal",
          "text",
          "date"
         ]
        },
        "format": {
         "type": "string"
        },
        "drop": {
         "type": "boolean"
        }
       },
       "additionalProperties": false
      }
     },
     "positive": {
      "type": [
       "string",
       "number",
       "boolean"
      ]
     },
     "weight": {
      "type": "string"
     },
     "classWeight": {
      "anyOf": [
       {
        "type": "string",
        "const": "balanced"
       },
       {
        "type": "object",
        "propertyNames": {
         "type": "string"
        },
        "additionalProperties": {
         "type": "number",
         "exclusiveMinimum": 0
        }
       }
      ]
     },
     "split": {
      "default": {
       "method": "random"
      },
      "type": "object",
      "properties": {
       "method": {
        "default": "random",
        "type": "string",
        "enum": [
         "random",
         "stratified",
         "time",
         "group",
         "none"
        ]
       },
       "key": {
        "type": "string"
       },
       "column": {
        "type": "string"
       },
       "gap": {
        "type": "string",
        "pattern": "^(\\d{1,9})(ms|s|m|h|d)$"
       }
      },
      "additionalProperties": false
     },
     "metric": {
      "type": "string",
      "enum": [
       "rmse",
       "mae",
       "medianAbsoluteError",
       "r2",
       "logLoss",
       "brier",
       "accuracy",
       "balancedAccuracy",
       "macroF1",
       "rocAuc",
       "averagePrecision"
      ]
     },
     "gate": {
      "default": "auto",
      "type": "string",
      "enum": [
       "auto",
       "better",
       "none"
      ]
     },
     "threshold": {
      "type": "string",
      "pattern": "^(f1|cost:(\\d+(?:\\.\\d+)?),(\\d+(?:\\.\\d+)?))$"
     },
     "interval": {
      "type": "number",
      "exclusiveMinimum": 0,
      "exclusiveMaximum": 1
     },
     "budget": {
      "type": "string",
      "pattern": "^(\\d{1,9})(ms|s|m|h|d)$"
     },
     "limits": {
      "type": "object",
      "properties": {
       "latencyMs": {
        "type": "number",
        "exclusiveMinimum": 0
       },
       "sizeBytes": {
        "type": "integer",
        "exclusiveMinimum": 0
       }
      },
      "additionalProperties": false
     },
     "ensemble": {
      "type": "boolean"
     },
     "optimise": {
      "default": "exact",
      "type": "string",
      "pattern": "^(?:exact|(?:smallest|fastest):\\d{1,2}(?:\\.\\d{1,4})?%)$"
     },
     "seed": {
      "default": 0,
      "type": "integer",
      "minimum": 0
     },
     "promote": {
      "default": true,
      "type": "boolean"
     },
     "fresh": {
      "default": false,
      "type": "boolean"
     },
     "engine": {
      "default": "auto",
      "type": "string",
      "enum": [
       "auto",
       "lambda",
       "batch",
       "sagemaker"
      ]
     }
    },
    "required": [
     "model",
     "dataset",
     "target"
    ],
    "additionalProperties": false
   },
   "Upload": {
    "type": "object",
    "properties": {
     "id": {
      "type": "string"
     },
     "method": {
      "type": "string",
      "const": "PUT"
     },
     "url": {
      "type": "string",
      "format": "uri"
     },
     "headers": {
      "type": "object",
      "propertyNames": {
       "type": "string"
      },
      "additionalProperties": {
       "type": "string"
      }
     },
     "expiresAt": {
      "type": "string",
      "format": "date-time"
     }
    },
    "required": [
     "id",
     "method",
     "url",
     "headers",
     "expiresAt"
    ],
    "additionalProperties": false
   },
   "UploadRequest": {
    "type": "object",
    "properties": {
     "contentType": {
      "type": "string",
      "maxLength": 255,
      "pattern": "^[\\w.+-]+\\/[\\w.+-]+$"
     },
     "sizeBytes": {
      "type": "integer",
      "exclusiveMinimum": 0,
      "maximum": 1073741824
     }
    },
    "required": [
     "contentType",
     "sizeBytes"
    ],
    "additionalProperties": false
   },
   "Usage": {
    "type": "object",
    "properties": {
     "from": {
      "type": "string",
      "format": "date-time"
     },
     "to": {
      "type": "string",
      "format": "date-time"
     },
     "currency": {
      "type": "string"
     },
     "totals": {
      "type": "object",
      "properties": {
       "calls": {
        "type": "integer"
       },
       "units": {
        "type": "integer"
       },
       "cost": {
        "type": "string",
        "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
       }
      },
      "required": [
       "calls",
       "units",
       "cost"
      ],
      "additionalProperties": false
     },
     "by": {
      "type": "array",
      "items": {
       "type": "object",
       "properties": {
        "calls": {
         "type": "integer"
        },
        "units": {
         "type": "integer"
        },
        "cost": {
         "type": "string",
         "pattern": "^-?\\d+(?:\\.\\d{1,9})?$"
        },
        "day": {
         "type": "string"
        },
        "hour": {
         "type": "string"
        },
        "model": {
         "type": "string"
        },
        "version": {
         "type": "string"
        },
        "key": {
         "type": "string"
        },
        "consumer": {
         "type": "string"
        }
       },
       "required": [
        "calls",
        "units",
        "cost"
       ],
       "additionalProperties": false
      }
     },
     "next": {
      "type": "string"
     }
    },
    "required": [
     "from",
     "to",
     "currency",
     "totals",
     "by"
    ],
    "additionalProperties": false
   },
   "Version": {
    "type": "object",
    "properties": {
     "name": {
      "type": "string"
     },
     "version": {
      "type": "integer"
     },
     "digest": {
      "type": "string",
      "pattern": "^[0-9a-f]{64}$"
     },
     "manifestDigest": {
      "type": "string",
      "pattern": "^[0-9a-f]{64}$"
     },
     "cardDigest": {
      "type": "string",
      "pattern": "^[0-9a-f]{64}$"
     },
     "cardMarkdownDigest": {
      "type": "string",
      "pattern": "^[0-9a-f]{64}$"
     },
     "explanations": {
      "type": "string"
     },
     "sizeBytes": {
      "type": "integer"
     },
     "inputs": {
      "type": "array",
      "items": {
       "type": "object",
       "properties": {
        "name": {
         "type": "string"
        },
        "datatype": {
         "$ref": "#/components/schemas/Datatype"
        },
        "shape": {
         "type": "array",
         "items": {
          "type": "integer"
         }
        },
        "kind": {
         "type": "string",
         "enum": [
          "sequence",
          "map",
          "optional"
         ]
        },
        "unknownRank": {
         "type": "boolean",
         "const": true
        }
       },
       "required": [
        "name",
        "datatype",
        "shape"
       ],
       "additionalProperties": false
      }
     },
     "outputs": {
      "type": "array",
      "items": {
       "type": "object",
       "properties": {
        "name": {
         "type": "string"
        },
        "datatype": {
         "$ref": "#/components/schemas/Datatype"
        },
        "shape": {
         "type": "array",
         "items": {
          "type": "integer"
         }
        },
        "kind": {
         "type": "string",
         "enum": [
          "sequence",
          "map",
          "optional"
         ]
        },
        "unknownRank": {
         "type": "boolean",
         "const": true
        }
       },
       "required": [
        "name",
        "datatype",
        "shape"
       ],
       "additionalProperties": false
      }
     },
     "createdAt": {
      "type": "string",
      "format": "date-time"
     },
     "probe": {
      "anyOf": [
       {
        "type": "object",
        "properties": {
         "isolation": {
          "type": "string",
          "enum": [
           "inline",
           "child"
          ]
         },
         "why": {
          "type": "string"
         },
         "probedElements": {
          "type": "integer"
         },
         "loadMs": {
          "type": "number"
         },
         "inferMs": {
          "type": "number"
         },
         "peakMb": {
          "type": "number"
         },
         "ort": {
          "type": "object",
          "properties": {
           "digest": {
            "type": "string",
            "pattern": "^[0-9a-f]{64}$"
           },
           "sizeBytes": {
            "type": "integer"
           },
           "maxDifference": {
            "type": "number"
           }
          },
          "required": [
           "digest",
           "sizeBytes",
           "maxDifference"
          ],
          "additionalProperties": false
         },
         "rewritten": {
          "type": "object",
          "properties": {
           "digest": {
            "type": "string",
            "pattern": "^[0-9a-f]{64}$"
           },
           "sizeBytes": {
            "type": "integer"
           }
          },
          "required": [
           "digest",
           "sizeBytes"
          ],
          "additionalProperties": false
         }
        },
        "required": [
         "isolation",
         "probedElements",
         "loadMs",
         "inferMs",
         "peakMb"
        ],
        "additionalProperties": false
       },
       {
        "type": "null"
       }
      ]
     },
     "metrics": {
      "type": "object",
      "propertyNames": {
       "type": "string"
      },
      "additionalProperties": {
       "type": "number"
      }
     },
     "optimisation": {
      "type": "object",
      "properties": {
       "policy": {
        "type": "string"
       },
       "chosen": {
        "type": "string",
        "enum": [
         "float",
         "simplified",
         "cleaned",
         "half",
         "int8",
         "pruned",
         "narrow"
        ]
       },
       "reason": {
        "type": "string"
       },
       "variants": {
        "type": "array",
        "items": {
         "anyOf": [
          {
           "type": "object",
           "properties": {
            "name": {
             "type": "string",
             "enum": [
              "float",
              "simplified",
              "cleaned",
              "half",
              "int8",
              "pruned",
              "narrow"
             ]
            },
            "state": {
             "type": "string",
             "const": "measured"
            },
            "figures": {
             "type": "object",
             "properties": {
              "sizeBytes": {
               "type": "integer"
              },
              "gzipBytes": {
               "type": "integer"
              },
              "loadMs": {
               "type": "number"
              },
              "oneRow": {
               "type": "object",
               "properties": {
                "p50Ms": {
                 "type": "number"
                },
                "p95Ms": {
                 "type": "number"
                }
               },
               "required": [
                "p50Ms",
                "p95Ms"
               ],
               "additionalProperties": false
              },
              "batch": {
               "type": "object",
               "properties": {
                "rows": {
                 "type": "integer"
                },
                "p50Ms": {
                 "type": "number"
                },
                "p95Ms": {
                 "type": "number"
                }
               },
               "required": [
                "rows",
                "p50Ms",
                "p95Ms"
               ],
               "additionalProperties": false
              },
              "peakMb": {
               "type": "number"
              }
             },
             "required": [
              "sizeBytes",
              "gzipBytes",
              "loadMs",
              "oneRow",
              "batch",
              "peakMb"
             ],
             "additionalProperties": false
            },
            "quality": {
             "anyOf": [
              {
               "type": "object",
               "properties": {
                "kind": {
                 "type": "string",
                 "const": "labels"
                },
                "rows": {
                 "type": "integer"
                },
                "figures": {
                 "type": "array",
                 "items": {
                  "type": "object",
                  "properties": {
                   "metric": {
                    "type": "string",
                    "enum": [
                     "logLoss",
                     "rmse",
                     "errorRate"
                    ]
                   },
                   "float": {
                    "type": "number"
                   },
                   "difference": {
                    "type": "number"
                   },
                   "low": {
                    "type": "number"
                   },
                   "high": {
                    "type": "number"
                   }
                  },
                  "required": [
                   "metric",
                   "float",
                   "difference",
                   "low",
                   "high"
                  ],
                  "additionalProperties": false
                 }
                }
               },
               "required": [
                "kind",
                "rows",
                "figures"
               ],
               "additionalProperties": false
              },
              {
               "type": "object",
               "properties": {
                "kind": {
                 "type": "string",
                 "const": "outputs"
                },
                "values": {
                 "type": "integer"
                },
                "largest": {
                 "type": "number"
                },
                "mean": {
                 "type": "number"
                }
               },
               "required": [
                "kind",
                "values"
               ],
               "additionalProperties": false
              }
             ]
            },
            "beyond": {
             "type": "string"
            }
           },
           "required": [
            "name",
            "state",
            "figures",
            "quality"
           ],
           "additionalProperties": false
          },
          {
           "type": "object",
           "properties": {
            "name": {
             "type": "string",
             "enum": [
              "float",
              "simplified",
              "cleaned",
              "half",
              "int8",
              "pruned",
              "narrow"
             ]
            },
            "state": {
             "type": "string",
             "const": "refused"
            },
            "reason": {
             "type": "string"
            }
           },
           "required": [
            "name",
            "state",
            "reason"
           ],
           "additionalProperties": false
          }
         ]
        }
       },
       "weightBits": {
        "anyOf": [
         {
          "type": "number",
          "const": 7
         },
         {
          "type": "number",
          "const": 8
         }
        ]
       },
       "threads": {
        "type": "integer"
       }
      },
      "required": [
       "policy",
       "chosen",
       "reason",
       "variants",
       "weightBits",
       "threads"
      ],
      "additionalProperties": false
     },
     "lineage": {
      "anyOf": [
       {
        "type": "object",
        "properties": {
         "origin": {
          "type": "string",
          "const": "optimised"
         },
         "version": {
          "type": "integer"
         },
         "registrationId": {
          "type": "string"
         }
        },
        "required": [
         "origin",
         "version",
         "registrationId"
        ],
        "additionalProperties": false
       },
       {
        "type": "object",
        "properties": {
         "origin": {
          "type": "string",
          "const": "push"
         }
        },
        "required": [
         "origin"
        ],
        "additionalProperties": false
       },
       {
        "type": "object",
        "properties": {
         "origin": {
          "type": "string",
          "const": "run"
         },
         "runId": {
          "type": "string"
         }
        },
        "required": [
         "origin",
         "runId"
        ],
        "additionalProperties": false
       }
      ]
     }
    },
    "required": [
     "name",
     "version",
     "digest",
     "sizeBytes",
     "inputs",
     "outputs",
     "createdAt",
     "probe",
     "lineage"
    ],
    "additionalProperties": false
   },
   "VersionWithAliases": {
    "type": "object",
    "properties": {
     "name": {
      "type": "string"
     },
     "version": {
      "type": "integer"
     },
     "digest": {
      "type": "string",
      "pattern": "^[0-9a-f]{64}$"
     },
     "manifestDigest": {
      "type": "string",
      "pattern": "^[0-9a-f]{64}$"
     },
     "cardDigest": {
      "type": "string",
      "pattern": "^[0-9a-f]{64}$"
     },
     "cardMarkdownDigest": {
      "type": "string",
      "pattern": "^[0-9a-f]{64}$"
     },
     "explanations": {
      "type": "string"
     },
     "sizeBytes": {
      "type": "integer"
     },
     "inputs": {
      "type": "array",
      "items": {
       "type": "object",
       "properties": {
        "name": {
         "type": "string"
        },
        "datatype": {
         "$ref": "#/components/schemas/Datatype"
        },
        "shape": {
         "type": "array",
         "items": {
          "type": "integer"
         }
        },
        "kind": {
         "type": "string",
         "enum": [
          "sequence",
          "map",
          "optional"
         ]
        },
        "unknownRank": {
         "type": "boolean",
         "const": true
        }
       },
       "required": [
        "name",
        "datatype",
        "shape"
       ],
       "additionalProperties": false
      }
     },
     "outputs": {
      "type": "array",
      "items": {
       "type": "object",
       "properties": {
        "name": {
         "type": "string"
        },
        "datatype": {
         "$ref": "#/components/schemas/Datatype"
        },
        "shape": {
         "type": "array",
         "items": {
          "type": "integer"
         }
        },
        "kind": {
         "type": "string",
         "enum": [
          "sequence",
          "map",
          "optional"
         ]
        },
        "unknownRank": {
         "type": "boolean",
         "const": true
        }
       },
       "required": [
        "name",
        "datatype",
        "shape"
       ],
       "additionalProperties": false
      }
     },
     "createdAt": {
      "type": "string",
      "format": "date-time"
     },
     "probe": {
      "anyOf": [
       {
        "type": "object",
        "properties": {
         "isolation": {
          "type": "string",
          "enum": [
           "inline",
           "child"
          ]
         },
         "why": {
          "type": "string"
         },
         "probedElements": {
          "type": "integer"
         },
         "loadMs": {
          "type": "number"
         },
         "inferMs": {
          "type": "number"
         },
         "peakMb": {
          "type": "number"
         },
         "ort": {
          "type": "object",
          "properties": {
           "digest": {
            "type": "string",
            "pattern": "^[0-9a-f]{64}$"
           },
           "sizeBytes": {
            "type": "integer"
           },
           "maxDifference": {
            "type": "number"
           }
          },
          "required": [
           "digest",
           "sizeBytes",
           "maxDifference"
          ],
          "additionalProperties": false
         },
         "rewritten": {
          "type": "object",
          "properties": {
           "digest": {
            "type": "string",
            "pattern": "^[0-9a-f]{64}$"
           },
           "sizeBytes": {
            "type": "integer"
           }
          },
          "required": [
           "digest",
           "sizeBytes"
          ],
          "additionalProperties": false
         }
        },
        "required": [
         "isolation",
         "probedElements",
         "loadMs",
         "inferMs",
         "peakMb"
        ],
        "additionalProperties": false
       },
       {
        "type": "null"
       }
      ]
     },
     "metrics": {
      "type": "object",
      "propertyNames": {
       "type": "string"
      },
      "additionalProperties": {
       "type": "number"
      }
     },
     "optimisation": {
      "type": "object",
      "properties": {
       "policy": {
        "type": "string"
       },
       "chosen": {
        "type": "string",
        "enum": [
         "float",
         "simplified",
         "cleaned",
         "half",
         "int8",
         "pruned",
         "narrow"
        ]
       },
       "reason": {
        "type": "string"
       },
       "variants": {
        "type": "array",
        "items": {
         "anyOf": [
          {
           "type": "object",
           "properties": {
            "name": {
             "type": "string",
             "enum": [
              "float",
              "simplified",
              "cleaned",
              "half",
              "int8",
              "pruned",
              "narrow"
             ]
            },
            "state": {
             "type": "string",
             "const": "measured"
            },
            "figures": {
             "type": "object",
             "properties": {
              "sizeBytes": {
               "type": "integer"
              },
              "gzipBytes": {
               "type": "integer"
              },
              "loadMs": {
               "type": "number"
              },
              "oneRow": {
               "type": "object",
               "properties": {
                "p50Ms": {
                 "type": "number"
                },
                "p95Ms": {
                 "type": "number"
                }
               },
               "required": [
                "p50Ms",
                "p95Ms"
               ],
               "additionalProperties": false
              },
              "batch": {
               "type": "object",
               "properties": {
                "rows": {
                 "type": "integer"
                },
                "p50Ms": {
                 "type": "number"
                },
                "p95Ms": {
                 "type": "number"
                }
               },
               "required": [
                "rows",
                "p50Ms",
                "p95Ms"
               ],
               "additionalProperties": false
              },
              "peakMb": {
               "type": "number"
              }
             },
             "required": [
              "sizeBytes",
              "gzipBytes",
              "loadMs",
              "oneRow",
              "batch",
              "peakMb"
             ],
             "additionalProperties": false
            },
            "quality": {
             "anyOf": [
              {
               "type": "object",
               "properties": {
                "kind": {
                 "type": "string",
                 "const": "labels"
                },
                "rows": {
                 "type": "integer"
                },
                "figures": {
                 "type": "array",
                 "items": {
                  "type": "object",
                  "properties": {
                   "metric": {
                    "type": "string",
                    "enum": [
                     "logLoss",
                     "rmse",
                     "errorRate"
                    ]
                   },
                   "float": {
                    "type": "number"
                   },
                   "difference": {
                    "type": "number"
                   },
                   "low": {
                    "type": "number"
                   },
                   "high": {
                    "type": "number"
                   }
                  },
                  "required": [
                   "metric",
                   "float",
                   "difference",
                   "low",
                   "high"
                  ],
                  "additionalProperties": false
                 }
                }
               },
               "required": [
                "kind",
                "rows",
                "figures"
               ],
               "additionalProperties": false
              },
              {
               "type": "object",
               "properties": {
                "kind": {
                 "type": "string",
                 "const": "outputs"
                },
                "values": {
                 "type": "integer"
                },
                "largest": {
                 "type": "number"
                },
                "mean": {
                 "type": "number"
                }
               },
               "required": [
                "kind",
                "values"
               ],
               "additionalProperties": false
              }
             ]
            },
            "beyond": {
             "type": "string"
            }
           },
           "required": [
            "name",
            "state",
            "figures",
            "quality"
           ],
           "additionalProperties": false
          },
          {
           "type": "object",
           "properties": {
            "name": {
             "type": "string",
             "enum": [
              "float",
              "simplified",
              "cleaned",
              "half",
              "int8",
              "pruned",
              "narrow"
             ]
            },
            "state": {
             "type": "string",
             "const": "refused"
            },
            "reason": {
             "type": "string"
            }
           },
           "required": [
            "name",
            "state",
            "reason"
           ],
           "additionalProperties": false
          }
         ]
        }
       },
       "weightBits": {
        "anyOf": [
         {
          "type": "number",
          "const": 7
         },
         {
          "type": "number",
          "const": 8
         }
        ]
       },
       "threads": {
        "type": "integer"
       }
      },
      "required": [
       "policy",
       "chosen",
       "reason",
       "variants",
       "weightBits",
       "threads"
      ],
      "additionalProperties": false
     },
     "lineage": {
      "anyOf": [
       {
        "type": "object",
        "properties": {
         "origin": {
          "type": "string",
          "const": "optimised"
         },
         "version": {
          "type": "integer"
         },
         "registrationId": {
          "type": "string"
         }
        },
        "required": [
         "origin",
         "version",
         "registrationId"
        ],
        "additionalProperties": false
       },
       {
        "type": "object",
        "properties": {
         "origin": {
          "type": "string",
          "const": "push"
         }
        },
        "required": [
         "origin"
        ],
        "additionalProperties": false
       },
       {
        "type": "object",
        "properties": {
         "origin": {
          "type": "string",
          "const": "run"
         },
         "runId": {
          "type": "string"
         }
        },
        "required": [
         "origin",
         "runId"
        ],
        "additionalProperties": false
       }
      ]
     },
     "aliases": {
      "type": "array",
      "items": {
       "type": "string"
      }
     }
    },
    "required": [
     "name",
     "version",
     "digest",
     "sizeBytes",
     "inputs",
     "outputs",
     "createdAt",
     "probe",
     "lineage",
     "aliases"
    ],
    "additionalProperties": false
   },
   "inference_request": {
    "type": "object",
    "properties": {
     "id": {
      "type": "string"
     },
     "inputs": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/request_input"
      }
     },
     "outputs": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/request_output"
      }
     },
     "parameters": {
      "type": "object",
      "properties": {
       "binary_data_output": {
        "type": "boolean"
       }
      }
     }
    },
    "required": [
     "inputs"
    ]
   },
   "inference_response": {
    "type": "object",
    "properties": {
     "model_name": {
      "type": "string"
     },
     "model_version": {
      "type": "string"
     },
     "id": {
      "type": "string"
     },
     "outputs": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/response_output"
      }
     }
    },
    "required": [
     "model_name",
     "model_version",
     "outputs"
    ],
    "additionalProperties": false
   },
   "metadata_model_response": {
    "type": "object",
    "properties": {
     "name": {
      "type": "string"
     },
     "versions": {
      "type": "array",
      "items": {
       "type": "string"
      }
     },
     "platform": {
      "type": "string",
      "const": "onnxruntime_onnx"
     },
     "inputs": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/metadata_tensor"
      }
     },
     "outputs": {
      "type": "array",
      "items": {
       "$ref": "#/components/schemas/metadata_tensor"
      }
     },
     "parameters": {
      "anyOf": [
       {
        "type": "object",
        "properties": {
         "columns": {
          "type": "array",
          "items": {
           "type": "object",
           "properties": {
            "name": {
             "type": "string"
            },
            "kind": {
             "type": "string",
             "enum": [
              "numeric",
              "integer",
              "boolean",
              "category",
              "ordinal",
              "text",
              "date"
             ]
            },
            "format": {
             "type": "string"
            }
           },
           "required": [
            "name",
            "kind"
           ],
           "additionalProperties": false
          }
         },
         "classes": {
          "type": "array",
          "items": {
           "type": [
            "string",
            "number",
            "boolean"
           ]
          }
         }
        },
        "required": [
         "columns"
        ],
        "additionalProperties": false
       },
       {
        "type": "object",
        "properties": {
         "task": {
          "type": "string",
          "const": "embedding"
         },
         "dimensions": {
          "type": "integer"
         },
         "maxTokens": {
          "type": "integer"
         },
         "matryoshka": {
          "type": "boolean"
         }
        },
        "required": [
         "task",
         "dimensions",
         "maxTokens",
         "matryoshka"
        ],
        "additionalProperties": false
       }
      ]
     }
    },
    "required": [
     "name",
     "versions",
     "platform",
     "inputs",
     "outputs"
    ],
    "additionalProperties": false
   },
   "metadata_server_response": {
    "type": "object",
    "properties": {
     "name": {
      "type": "string"
     },
     "version": {
      "type": "string"
     },
     "extensions": {
      "type": "array",
      "items": {
       "type": "string"
      }
     }
    },
    "required": [
     "name",
     "version",
     "extensions"
    ],
    "additionalProperties": false
   },
   "metadata_tensor": {
    "type": "object",
    "properties": {
     "name": {
      "type": "string"
     },
     "datatype": {
      "$ref": "#/components/schemas/Datatype"
     },
     "shape": {
      "type": "array",
      "items": {
       "type": "integer"
      }
     }
    },
    "required": [
     "name",
     "datatype",
     "shape"
    ],
    "additionalProperties": false
   },
   "model_statistics_response": {
    "type": "object",
    "properties": {
     "model_stats": {
      "type": "array",
      "items": {
       "type": "object",
       "properties": {
        "name": {
         "type": "string"
        },
        "version": {
         "type": "string"
        },
        "last_inference": {
         "type": "integer"
        },
        "inference_count": {
         "type": "integer"
        },
        "execution_count": {
         "type": "integer"
        },
        "inference_stats": {
         "type": "object",
         "properties": {
          "success": {
           "type": "object",
           "properties": {
            "count": {
             "type": "integer"
            },
            "ns": {
             "type": "integer"
            }
           },
           "required": [
            "count",
            "ns"
           ],
           "additionalProperties": false
          },
          "fail": {
           "type": "object",
           "properties": {
            "count": {
             "type": "integer"
            },
            "ns": {
             "type": "integer"
            }
           },
           "required": [
            "count",
            "ns"
           ],
           "additionalProperties": false
          },
          "queue": {
           "type": "object",
           "properties": {
            "count": {
             "type": "integer"
            },
            "ns": {
             "type": "integer"
            }
           },
           "required": [
            "count",
            "ns"
           ],
           "additionalProperties": false
          },
          "compute_input": {
           "type": "object",
           "properties": {
            "count": {
             "type": "integer"
            },
            "ns": {
             "type": "integer"
            }
           },
           "required": [
            "count",
            "ns"
           ],
           "additionalProperties": false
          },
          "compute_infer": {
           "type": "object",
           "properties": {
            "count": {
             "type": "integer"
            },
            "ns": {
             "type": "integer"
            }
           },
           "required": [
            "count",
            "ns"
           ],
           "additionalProperties": false
          },
          "compute_output": {
           "type": "object",
           "properties": {
            "count": {
             "type": "integer"
            },
            "ns": {
             "type": "integer"
            }
           },
           "required": [
            "count",
            "ns"
           ],
           "additionalProperties": false
          },
          "cache_hit": {
           "type": "object",
           "properties": {
            "count": {
             "type": "integer"
            },
            "ns": {
             "type": "integer"
            }
           },
           "required": [
            "count",
            "ns"
           ],
           "additionalProperties": false
          },
          "cache_miss": {
           "type": "object",
           "properties": {
            "count": {
             "type": "integer"
            },
            "ns": {
             "type": "integer"
            }
           },
           "required": [
            "count",
            "ns"
           ],
           "additionalProperties": false
          }
         },
         "required": [
          "success",
          "fail",
          "queue",
          "compute_input",
          "compute_infer",
          "compute_output",
          "cache_hit",
          "cache_miss"
         ],
         "additionalProperties": false
        },
        "response_stats": {
         "type": "object",
         "properties": {},
         "additionalProperties": false
        },
        "batch_stats": {
         "type": "array",
         "items": {
          "not": {}
         }
        },
        "memory_usage": {
         "type": "array",
         "items": {
          "not": {}
         }
        }
       },
       "required": [
        "name",
        "version",
        "last_inference",
        "inference_count",
        "execution_count",
        "inference_stats",
        "response_stats",
        "batch_stats",
        "memory_usage"
       ],
       "additionalProperties": false
      }
     }
    },
    "required": [
     "model_stats"
    ],
    "additionalProperties": false
   },
   "repository_index_response": {
    "type": "array",
    "items": {
     "type": "object",
     "properties": {
      "name": {
       "type": "string"
      },
      "version": {
       "type": "string"
      },
      "state": {
       "type": "string",
       "const": "READY"
      },
      "reason": {
       "type": "string"
      }
     },
     "required": [
      "name",
      "version",
      "state",
      "reason"
     ],
     "additionalProperties": false
    }
   },
   "request_input": {
    "type": "object",
    "properties": {
     "name": {
      "type": "string"
     },
     "datatype": {
      "type": "string"
     },
     "shape": {
      "maxItems": 64,
      "type": "array",
      "items": {
       "type": "integer",
       "minimum": 0
      }
     },
     "data": {
      "$ref": "#/components/schemas/tensor_data"
     },
     "parameters": {
      "type": "object",
      "properties": {
       "binary_data_size": {
        "type": "integer",
        "minimum": 0
       }
      }
     }
    },
    "required": [
     "name",
     "datatype",
     "shape"
    ]
   },
   "request_output": {
    "type": "object",
    "properties": {
     "name": {
      "type": "string"
     },
     "parameters": {
      "type": "object",
      "properties": {
       "classification": {
        "type": "integer",
        "minimum": 1
       },
       "binary_data": {
        "type": "boolean"
       }
      }
     }
    },
    "required": [
     "name"
    ]
   },
   "response_output": {
    "type": "object",
    "properties": {
     "name": {
      "type": "string"
     },
     "datatype": {
      "$ref": "#/components/schemas/Datatype"
     },
     "shape": {
      "type": "array",
      "items": {
       "type": "integer"
      }
     },
     "data": {
      "type": "array",
      "items": {
       "type": [
        "number",
        "string",
        "boolean",
        "null"
       ]
      }
     },
     "parameters": {
      "type": "object",
      "properties": {
       "binary_data_size": {
        "type": "integer"
       },
       "non_finite": {
        "type": "boolean",
        "const": true
       }
      },
      "additionalProperties": false
     }
    },
    "required": [
     "name",
     "datatype",
     "shape"
    ],
    "additionalProperties": false
   },
   "tensor_data": {
    "description": "Values, flat or nested as the shape is.",
    "type": "array",
    "items": {
     "anyOf": [
      {
       "type": "array",
       "items": {}
      },
      {
       "type": "number"
      },
      {
       "type": "string"
      },
      {
       "type": "boolean"
      }
     ]
    }
   }
  },
  "responses": {
   "Problem": {
    "description": "Refused.",
    "headers": {
     "Percall-Request-Id": {
      "$ref": "#/components/headers/Percall-Request-Id"
     },
     "Retry-After": {
      "$ref": "#/components/headers/Retry-After"
     },
     "RateLimit-Policy": {
      "$ref": "#/components/headers/RateLimit-Policy"
     },
     "RateLimit": {
      "$ref": "#/components/headers/RateLimit"
     }
    },
    "content": {
     "application/problem+json": {
      "schema": {
       "$ref": "#/components/schemas/Problem"
      }
     },
     "application/json": {
      "schema": {
       "$ref": "#/components/schemas/Problem"
      }
     }
    }
   },
   "ProblemOrGateway": {
    "description": "Refused.",
    "headers": {
     "Percall-Request-Id": {
      "$ref": "#/components/headers/Percall-Request-Id"
     },
     "Retry-After": {
      "$ref": "#/components/headers/Retry-After"
     },
     "RateLimit-Policy": {
      "$ref": "#/components/headers/RateLimit-Policy"
     },
     "RateLimit": {
      "$ref": "#/components/headers/RateLimit"
     }
    },
    "content": {
     "application/problem+json": {
      "schema": {
       "$ref": "#/components/schemas/Problem"
      }
     },
     "application/json": {
      "schema": {
       "oneOf": [
        {
         "$ref": "#/components/schemas/Problem"
        },
        {
         "$ref": "#/components/schemas/GatewayError"
        }
       ]
      }
     }
    }
   },
   "OpenAiError": {
    "description": "Refused.",
    "headers": {
     "Percall-Request-Id": {
      "$ref": "#/components/headers/Percall-Request-Id"
     },
     "Retry-After": {
      "$ref": "#/components/headers/Retry-After"
     },
     "RateLimit-Policy": {
      "$ref": "#/components/headers/RateLimit-Policy"
     },
     "RateLimit": {
      "$ref": "#/components/headers/RateLimit"
     }
    },
    "content": {
     "application/json": {
      "schema": {
       "$ref": "#/components/schemas/OpenAiError"
      }
     }
    }
   },
   "OpenAiErrorOrGateway": {
    "description": "Refused.",
    "headers": {
     "Percall-Request-Id": {
      "$ref": "#/components/headers/Percall-Request-Id"
     },
     "Retry-After": {
      "$ref": "#/components/headers/Retry-After"
     },
     "RateLimit-Policy": {
      "$ref": "#/components/headers/RateLimit-Policy"
     },
     "RateLimit": {
      "$ref": "#/components/headers/RateLimit"
     }
    },
    "content": {
     "application/json": {
      "schema": {
       "oneOf": [
        {
         "$ref": "#/components/schemas/OpenAiError"
        },
        {
         "$ref": "#/components/schemas/GatewayError"
        }
       ]
      }
     }
    }
   }
  },
  "parameters": {
   "model": {
    "name": "model",
    "in": "path",
    "required": true,
    "description": "Name of a model; where it is called, also name@alias or name@version.",
    "schema": {
     "type": "string"
    }
   },
   "version": {
    "name": "version",
    "in": "path",
    "required": true,
    "description": "Number of a version.",
    "schema": {
     "type": "integer",
     "minimum": 1
    }
   },
   "alias": {
    "name": "alias",
    "in": "path",
    "required": true,
    "description": "Name of an alias.",
    "schema": {
     "type": "string"
    }
   },
   "plot": {
    "name": "plot",
    "in": "path",
    "required": true,
    "description": "Name of a plot with .svg behind it; the explanations list them.",
    "schema": {
     "type": "string"
    }
   },
   "id": {
    "name": "id",
    "in": "path",
    "required": true,
    "description": "Id of a call that is answered later.",
    "schema": {
     "type": "string"
    }
   },
   "batch": {
    "name": "batch",
    "in": "path",
    "required": true,
    "description": "Id of a batch.",
    "schema": {
     "type": "string"
    }
   },
   "registration": {
    "name": "registration",
    "in": "path",
    "required": true,
    "description": "Id of a registration.",
    "schema": {
     "type": "string"
    }
   },
   "dataset": {
    "name": "dataset",
    "in": "path",
    "required": true,
    "description": "Name of a dataset.",
    "schema": {
     "type": "string"
    }
   },
   "run": {
    "name": "run",
    "in": "path",
    "required": true,
    "description": "Id of a run.",
    "schema": {
     "type": "string"
    }
   },
   "consumer": {
    "name": "consumer",
    "in": "path",
    "required": true,
    "description": "Id of a consumer.",
    "schema": {
     "type": "string"
    }
   },
   "month": {
    "name": "month",
    "in": "path",
    "required": true,
    "description": "A month of the billing zone, such as `2026-11`.",
    "schema": {
     "type": "string"
    }
   },
   "key": {
    "name": "key",
    "in": "path",
    "required": true,
    "description": "Public id of a key, not its secret.",
    "schema": {
     "type": "string"
    }
   },
   "reconciliation": {
    "name": "reconciliation",
    "in": "path",
    "required": true,
    "description": "Id of a reconciliation.",
    "schema": {
     "type": "string"
    }
   },
   "query.limit": {
    "name": "limit",
    "in": "query",
    "description": "Most items of the page.",
    "schema": {
     "default": 100,
     "type": "integer",
     "minimum": 1,
     "maximum": 1000
    }
   },
   "query.next": {
    "name": "next",
    "in": "query",
    "description": "The `next` of the page before.",
    "schema": {
     "type": "string"
    }
   },
   "query.unknown": {
    "name": "unknown",
    "in": "query",
    "description": "What becomes of columns that the model does not know.",
    "schema": {
     "type": "string",
     "enum": [
      "refuse",
      "ignore"
     ]
    }
   },
   "query.alias": {
    "name": "alias",
    "in": "query",
    "description": "The alias that moves to the new version.",
    "schema": {
     "type": "string"
    }
   },
   "query.part": {
    "name": "part",
    "in": "query",
    "description": "Which file of the version.",
    "schema": {
     "type": "string",
     "enum": [
      "model",
      "manifest",
      "card",
      "card.md",
      "ort"
     ]
    }
   },
   "query.window": {
    "name": "window",
    "in": "query",
    "description": "Hours or days until now, 1h to 14d.",
    "schema": {
     "type": "string",
     "pattern": "^[1-9]\\d{0,2}[hd]$"
    }
   },
   "query.from": {
    "name": "from",
    "in": "query",
    "description": "First day, in the billing zone.",
    "schema": {
     "type": "string",
     "format": "date"
    }
   },
   "query.to": {
    "name": "to",
    "in": "query",
    "description": "Day after the last one.",
    "schema": {
     "type": "string",
     "format": "date"
    }
   },
   "query.by": {
    "name": "by",
    "in": "query",
    "description": "What the usage is grouped by; `consumer` in that of all.",
    "schema": {
     "type": "string",
     "enum": [
      "day",
      "hour",
      "model",
      "version",
      "key",
      "consumer"
     ]
    }
   },
   "query.detail": {
    "name": "detail",
    "in": "query",
    "description": "Totals of folded hours, or every usage row.",
    "schema": {
     "type": "string",
     "enum": [
      "totals",
      "rows"
     ]
    }
   },
   "query.of": {
    "name": "of",
    "in": "query",
    "description": "The thing that was changed, such as `price/cars`, or all below `key/acme`.",
    "schema": {
     "type": "string"
    }
   },
   "query.actor": {
    "name": "by",
    "in": "query",
    "description": "Id of the key that changed it.",
    "schema": {
     "type": "string"
    }
   },
   "query.for": {
    "name": "for",
    "in": "query",
    "description": "What the rows are for.",
    "schema": {
     "type": "string",
     "enum": [
      "predict",
      "explain"
     ]
    }
   },
   "query.method": {
    "name": "method",
    "in": "query",
    "description": "How contributions are computed; by default what fits the model.",
    "schema": {
     "type": "string",
     "enum": [
      "tree-path-dependent",
      "tree-interventional",
      "linear",
      "permutation"
     ]
    }
   },
   "query.class": {
    "name": "class",
    "in": "query",
    "description": "The class that is explained.",
    "schema": {
     "type": "string"
    }
   },
   "query.interactions": {
    "name": "interactions",
    "in": "query",
    "description": "Whether pairs of columns are told as well.",
    "schema": {
     "type": "boolean"
    }
   },
   "query.budget": {
    "name": "budget",
    "in": "query",
    "description": "Model rows that one explained row may take by permutation.",
    "schema": {
     "type": "integer",
     "minimum": 1
    }
   },
   "query.seed": {
    "name": "seed",
    "in": "query",
    "description": "Of what is drawn.",
    "schema": {
     "type": "integer",
     "minimum": 0
    }
   },
   "query.language": {
    "name": "language",
    "in": "query",
    "description": "Of the sentences.",
    "schema": {
     "type": "string",
     "enum": [
      "en",
      "zh"
     ]
    }
   },
   "query.counterfactual": {
    "name": "counterfactual",
    "in": "query",
    "description": "Whether the least change to another class is looked for.",
    "schema": {
     "type": "boolean"
    }
   },
   "query.after": {
    "name": "after",
    "in": "query",
    "description": "Sequence of the last event that is known.",
    "schema": {
     "type": "integer",
     "minimum": 0
    }
   },
   "header.Idempotency-Key": {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "The same request under the same key gets the same answer and one charge, for 24 hours.",
    "schema": {
     "type": "string",
     "minLength": 1,
     "maxLength": 257
    }
   },
   "header.Prefer": {
    "name": "Prefer",
    "in": "header",
    "description": "`respond-async`, with `wait=N` seconds where the answer itself is awaited.",
    "schema": {
     "type": "string"
    }
   },
   "header.Inference-Header-Content-Length": {
    "name": "Inference-Header-Content-Length",
    "in": "header",
    "description": "Bytes of JSON before the binary tensors; 0 where the body is one tensor.",
    "schema": {
     "type": "integer",
     "minimum": 0
    }
   },
   "header.Content-Encoding": {
    "name": "Content-Encoding",
    "in": "header",
    "description": "How the body is compressed.",
    "schema": {
     "type": "string",
     "enum": [
      "gzip",
      "deflate",
      "identity"
     ]
    }
   },
   "header.Accept-Encoding": {
    "name": "Accept-Encoding",
    "in": "header",
    "description": "How the answer may be compressed.",
    "schema": {
     "type": "string"
    }
   },
   "header.If-Match": {
    "name": "If-Match",
    "in": "header",
    "description": "The ETag that the change is of; 412 when another one came first.",
    "schema": {
     "type": "string"
    }
   }
  },
  "headers": {
   "Percall-Request-Id": {
    "description": "Names this request in logs and errors.",
    "schema": {
     "type": "string"
    }
   },
   "Percall-Original-Request-Id": {
    "description": "The request that an answer was first made for.",
    "schema": {
     "type": "string"
    }
   },
   "Percall-Version": {
    "description": "The version that answered: name/3.",
    "schema": {
     "type": "string"
    }
   },
   "Percall-Units": {
    "description": "What is charged for, in units of the price.",
    "schema": {
     "type": "integer",
     "minimum": 0
    }
   },
   "Percall-Cost": {
    "description": "What the call cost, a decimal in the deployment's currency.",
    "schema": {
     "type": "string"
    }
   },
   "Percall-Cold": {
    "description": "1 where the model was loaded for this call.",
    "schema": {
     "type": "string",
     "enum": [
      "0",
      "1"
     ]
    }
   },
   "Percall-Balance": {
    "description": "What is left to pay calls with, a decimal; where calls are capped.",
    "schema": {
     "type": "string"
    }
   },
   "Percall-Cap-Used": {
    "description": "The largest of 50 %, 80 % and 100 % of the cap that is used.",
    "schema": {
     "type": "string"
    }
   },
   "Server-Timing": {
    "description": "Milliseconds of each part of the call.",
    "schema": {
     "type": "string"
    }
   },
   "Inference-Header-Content-Length": {
    "description": "Bytes of JSON before the binary tensors.",
    "schema": {
     "type": "integer",
     "minimum": 0
    }
   },
   "Idempotent-Replayed": {
    "description": "`true` on an answer that was given before.",
    "schema": {
     "type": "string"
    }
   },
   "Preference-Applied": {
    "description": "The preference that was followed.",
    "schema": {
     "type": "string"
    }
   },
   "RateLimit-Policy": {
    "description": "The limits that the request is counted against, where there are any.",
    "schema": {
     "type": "string"
    }
   },
   "RateLimit": {
    "description": "What is left under each of them.",
    "schema": {
     "type": "string"
    }
   },
   "Retry-After": {
    "description": "Seconds after which to ask again.",
    "schema": {
     "type": "integer",
     "minimum": 0
    }
   },
   "Location": {
    "description": "Where the thing is.",
    "schema": {
     "type": "string"
    }
   },
   "Link": {
    "description": "The following page, `rel=\"next\"`; absent on the last one.",
    "schema": {
     "type": "string"
    }
   },
   "ETag": {
    "description": "The revision, for If-Match.",
    "schema": {
     "type": "string"
    }
   }
  },
  "securitySchemes": {
   "bearer": {
    "type": "http",
    "scheme": "bearer",
    "description": "A key: pc_live_..."
   },
   "apiKey": {
    "type": "apiKey",
    "in": "header",
    "name": "X-Api-Key",
    "description": "The same key, in a header of its own."
   }
  }
 }
}
